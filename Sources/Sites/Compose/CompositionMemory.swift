internal import Git

/// A cache of what the tuples of a site share when they are composed: most of a
/// thousand tuples differ only in a cpu or a branch.
///
/// It has the lifetime of the ``Site`` whose commits it depends on.
final class CompositionMemory {
    /// The sets that a set includes, and their mistakes.
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

    /// Returns the sets of tuples with this portage branch and these packages.
    func sets(of tuple: Tuple, _ read: () throws -> Sets) rethrows -> Sets {
        try Self.value(
            in: &sets, SetsKey(portage: tuple.portage, packages: tuple.packages), read)
    }

    /// Returns the `etc/portage` of tuples that differ only in their
    /// buildhooks.
    func portageTree(of tuple: Tuple, _ compose: () throws -> ObjectID) rethrows -> ObjectID {
        let sets = SetsKey(portage: tuple.portage, packages: tuple.packages)
        return try Self.value(
            in: &portageTrees, PortageKey(cpu: tuple.cpu, sets: sets), compose)
    }

    /// Returns the blob of a text.
    func blob(of text: String, _ write: () throws -> ObjectID) rethrows -> ObjectID {
        try Self.value(in: &texts, text, write)
    }

    /// Returns the committer of a commit.
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
