#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

/// The files that hold references: one for each that was written since the last
/// packing, and one for all others (gitrepository-layout(5)).
///
/// Used for reading only: references are written through libgit2, which locks
/// them.
struct ReferenceFiles {
    /// The content of a reference's file.
    enum Value {
        case object(ObjectID)
        case symbolic(RefName)
        /// Content that git would not have written; libgit2 reports the error.
        case unreadable
    }

    private let directory: FilePath

    init(_ commonDirectory: FilePath) {
        directory = commonDirectory
    }

    private static let ofWorktrees = ["refs/bisect/", "refs/rewritten/", "refs/worktree/"]

    /// Returns the value of a reference after following symbolic references, as
    /// many as git follows; nil when the reference or its target does not
    /// exist.
    ///
    /// - Returns: a symbolic value if the chain leads to a name outside the
    ///   shared references, such as one that each work tree has for itself, or
    ///   does not end.
    /// - Throws: ``GitError``.
    func followed(_ name: RefName, steps: Int = 5) throws -> Value? {
        let text = "\(name)"
        guard text.hasPrefix("refs/"), steps > 0, !Self.ofWorktrees.contains(where: text.hasPrefix)
        else { return .symbolic(name) }
        // In this order, since packing writes packed-refs before it removes
        // loose files.
        if let loose = try read(directory.appending(text)) {
            guard case .symbolic(let target) = loose else { return loose }
            return try followed(target, steps: steps - 1)
        }
        let packed = try PackedReferenceFile.reading(in: directory) { try $0.target(of: name) }
        return packed.flatMap { $0 }.map { .object($0) }
    }

    /// Returns the references whose names begin with `prefix`.
    ///
    /// - Throws: ``GitError``.
    func references(under prefix: String) throws -> [(name: RefName, value: Value)] {
        var loose: [RefName: Value] = [:]
        let folder = prefix[..<(prefix.lastIndex(of: "/") ?? prefix.startIndex)]
        try walk(String(folder), prefix) { loose[$0] = $1 }
        var found = loose.map { (name: $0.key, value: $0.value) }
        try PackedReferenceFile.reading(in: directory) { packed in
            try packed.each(under: prefix) { name, id in
                if loose.isEmpty || loose[name] == nil { found.append((name, .object(id))) }
            }
        }
        return found
    }

    /// Removes the directory that contained only this reference, as git does:
    /// otherwise every listing would read all empty directories forever.
    ///
    /// Unlike git it keeps the directories above: libgit2 fails to create a
    /// directory in one that is removed at the same moment, and its error
    /// cannot be distinguished from others.
    func removeEmptyFolder(of name: RefName) {
        let folder = "\(name)".split(separator: "/").dropLast()
        // Directories at the level of those that git creates in a new
        // repository stay.
        guard folder.count > 2 else { return }
        directory.appending(folder.joined(separator: "/")).withPlatformString { _ = rmdir($0) }
    }

    /// Calls `body` with the references that have files in a directory or below
    /// it.
    private func walk(
        _ folder: String, _ prefix: String, _ body: (RefName, Value) -> Void
    ) throws {
        for entry in try FileAccess.names(in: directory.appending(folder)) {
            guard let entry = String(validating: entry, as: UTF8.self) else { continue }
            let name = "\(folder)/\(entry)"
            guard name.hasPrefix(prefix) else { continue }
            if let value = try read(directory.appending(name)) {
                // This skips lock files: git-check-ref-format(1) reserves their
                // suffix.
                if let name = try? RefName(name) { body(name, value) }
            } else {
                try walk(name, prefix, body)
            }
        }
    }

    /// Reads a reference's file; nil when it does not exist or is a directory.
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
        if let id = ObjectID(hex: line) { return .object(id) }
        let prefix = "ref: "
        guard line.starts(with: prefix.utf8),
            let text = String(validating: line.dropFirst(prefix.utf8.count), as: UTF8.self),
            let target = try? RefName(text)
        else { return .unreadable }
        return .symbolic(target)
    }
}
