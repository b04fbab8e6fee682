#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

/// The files that say what references point at: one for each that was written
/// since the last packing, and one for all others (gitrepository-layout(5)).
///
/// Only to read: what is written goes through libgit2, which locks.
struct ReferenceFiles {
    /// What a reference's file says.
    enum Value {
        case object(ObjectID)
        case symbolic(RefName)
        /// Nothing that git would have written; libgit2 knows what to call it.
        case unreadable
    }

    private let directory: FilePath

    init(_ commonDirectory: FilePath) {
        directory = commonDirectory
    }

    private static let ofWorktrees = ["refs/bisect/", "refs/rewritten/", "refs/worktree/"]

    /// What a reference comes to when symbolic ones are followed, as many as git
    /// follows; nil when there is nothing.
    ///
    /// - Returns: symbolic for what leads to a name that each work tree has for
    ///   itself, or in a circle.
    /// - Throws: ``GitError``.
    func followed(_ name: RefName, steps: Int = 5) throws -> Value? {
        let text = "\(name)"
        guard text.hasPrefix("refs/"), steps > 0, !Self.ofWorktrees.contains(where: text.hasPrefix)
        else { return .symbolic(name) }
        // In this order: who packs references writes them before their files go.
        if let loose = try read(directory.appending(text)) {
            guard case .symbolic(let target) = loose else { return loose }
            return try followed(target, steps: steps - 1)
        }
        let packed = try PackedReferenceFile.reading(in: directory) { try $0.target(of: name) }
        return packed.flatMap { $0 }.map { .object($0) }
    }

    /// The references whose names begin with `prefix`.
    ///
    /// - Throws: ``GitError``.
    func references(under prefix: String) throws -> [RefName: Value] {
        var found: [RefName: Value] = [:]
        let folder = prefix[..<(prefix.lastIndex(of: "/") ?? prefix.startIndex)]
        try walk(String(folder), prefix) { found[$0] = $1 }
        try PackedReferenceFile.reading(in: directory) { packed in
            try packed.each(under: prefix) { name, id in
                if found[name] == nil { found[name] = .object(id) }
            }
        }
        return found
    }

    /// Removes the folder that a reference was the last in, as git does: who
    /// lists references would look into each of them for ever.
    ///
    /// Not those above, as git does, too: libgit2 fails to make a folder in one
    /// that goes at the same moment, and does not say so in a way that can be
    /// told from others.
    func removeEmptyFolder(of name: RefName) {
        let folder = "\(name)".split(separator: "/").dropLast()
        // Those that git makes with a repository, and their like, stay.
        guard folder.count > 2 else { return }
        directory.appending(folder.joined(separator: "/")).withPlatformString { _ = rmdir($0) }
    }

    /// Calls `body` with the references that have files in a folder and those
    /// below it.
    private func walk(
        _ folder: String, _ prefix: String, _ body: (RefName, Value) -> Void
    ) throws {
        for entry in try FileAccess.names(in: directory.appending(folder)) {
            guard let entry = String(validating: entry, as: UTF8.self) else { continue }
            let name = "\(folder)/\(entry)"
            guard name.hasPrefix(prefix) else { continue }
            if let value = try read(directory.appending(name)) {
                // Not that of a lock: git-check-ref-format(1) keeps its name free.
                if let name = try? RefName(name) { body(name, value) }
            } else {
                try walk(name, prefix, body)
            }
        }
    }

    /// What a file says; nil when it is not there or a directory.
    private func read(_ path: FilePath) throws -> Value? {
        do {
            let file = try FileDescriptor.open(
                path, .readOnly, options: [.closeOnExec, .nonBlocking])
            defer { try? file.close() }
            let content = try [UInt8](unsafeUninitializedCapacity: Self.longest) {
                $1 = try file.read(into: UnsafeMutableRawBufferPointer($0))
            }
            return Self.parse(content)
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory, Errno.isDirectory {
            return nil
        } catch let error as Errno {
            throw FileAccess.failure("read", path.string, error.rawValue)
        }
    }

    /// More than the longest name that a path can have.
    private static let longest = 4096 + 16

    private static func parse(_ content: [UInt8]) -> Value {
        let line = content.prefix { $0 != UInt8(ascii: "\n") }
        if let id = ObjectID(hex: Array(line)) { return .object(id) }
        let prefix = "ref: "
        guard line.starts(with: prefix.utf8),
            let text = String(validating: line.dropFirst(prefix.utf8.count), as: UTF8.self),
            let target = try? RefName(text)
        else { return .unreadable }
        return .symbolic(target)
    }
}
