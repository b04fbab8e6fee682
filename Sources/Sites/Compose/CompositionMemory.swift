internal import Git

/// What composing a tuple of a site has in common with composing the next: of a
/// thousand, most differ in a cpu or a branch alone.
///
/// Lives as long as the ``Site`` whose commits it belongs to.
final class CompositionMemory {
    /// The sets that a set reaches, and what is wrong with them.
    typealias Sets = (found: [(String, ObjectID)], mistakes: [Mistake])

    private struct SetsKey: Hashable {
        let portage: ZentooName
        let packages: ZentooName
    }

    private struct PortageKey: Hashable {
        let cpu: ZentooName
        let sets: SetsKey
    }

    private var sets: [SetsKey: Sets] = [:]
    private var portageTrees: [PortageKey: ObjectID] = [:]
    private var texts: [String: ObjectID] = [:]
    private var committers: [ObjectID: Signature] = [:]

    /// The sets of tuples with this portage branch and these packages.
    func sets(of tuple: Tuple, _ read: () throws -> Sets) rethrows -> Sets {
        try Self.value(
            in: &sets, SetsKey(portage: tuple.portage, packages: tuple.packages), read)
    }

    /// `etc/portage` of tuples that differ in their buildhooks alone.
    func portageTree(of tuple: Tuple, _ compose: () throws -> ObjectID) rethrows -> ObjectID {
        let sets = SetsKey(portage: tuple.portage, packages: tuple.packages)
        return try Self.value(
            in: &portageTrees, PortageKey(cpu: tuple.cpu, sets: sets), compose)
    }

    /// The blob of a text.
    func blob(of text: String, _ write: () throws -> ObjectID) rethrows -> ObjectID {
        try Self.value(in: &texts, text, write)
    }

    /// The committer of a commit.
    func committer(of commit: ObjectID, _ read: () throws -> Signature) rethrows -> Signature {
        try Self.value(in: &committers, commit, read)
    }

    private static func value<Key, Value>(
        in known: inout [Key: Value], _ key: Key, _ make: () throws -> Value
    ) rethrows -> Value {
        if let value = known[key] { return value }
        let value = try make()
        known[key] = value
        return value
    }
}
