#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
public import SystemPackage

// A work tree and its administrative directory refer to each other in three
// small files (gitrepository-layout(5)), which libgit2 trusts: after a move of
// either it would read and write at the old path.
extension Repository {
    /// Repairs the links between the work tree at `path` and its administrative
    /// directory after either was moved, as `git worktree repair` does.
    ///
    /// - Parameters:
    ///   - name: the work tree's name; its administrative directory must exist.
    ///   - path: the directory of its files and its `.git` file.
    /// - Returns: whether a link was wrong.
    /// - Throws: ``GitError``: `conflict` when the work tree belongs to another
    ///   repository that refers to it, `notFound` when either does not exist.
    @discardableResult
    public func linkWorktree(_ name: String, at path: FilePath) throws -> Bool {
        try refuseWhereForbidden()
        let wrong = try wrongLinks(name, at: path)
        for (file, line) in wrong { try Self.replace(file, by: line) }
        return !wrong.isEmpty
    }

    /// Returns whether the work tree at `path` and its administrative directory
    /// refer to each other, so that ``linkWorktree(_:at:)`` would change
    /// nothing.
    ///
    /// - Throws: ``GitError``, as ``linkWorktree(_:at:)``.
    public func isWorktreeLinked(_ name: String, at path: FilePath) throws -> Bool {
        try wrongLinks(name, at: path).isEmpty
    }

    /// Returns the files with wrong content, and the correct content.
    private func wrongLinks(
        _ name: String, at path: FilePath
    ) throws -> [(file: FilePath, line: String)] {
        let directory = commonDirectory.appending("worktrees").appending(name)
        guard let administration = directory.resolved(), let place = path.resolved() else {
            throw GitError(.notFound, "work tree '\(name)' not found")
        }
        if let other = try Self.owner(of: place), other != administration,
            try Self.firstLine(of: other.appending("gitdir"))
                .flatMap({ FilePath($0).resolved() }) == place.appending(".git")
        {
            throw GitError(
                .conflict, "work tree '\(path)' belongs to '\(other)'",
                hints: ["give this repository a state of its own: git config zentoo.state DIR"])
        }
        // `commondir` is relative, as in git: a repository may be moved.
        return try [
            (administration.appending("commondir"), "../.."),
            (administration.appending("gitdir"), place.appending(".git").string),
            (place.appending(".git"), "gitdir: \(administration)"),
        ].filter { try Self.firstLine(of: $0) != $1 }
    }

    /// Returns the branch that a linked work tree has checked out; `nil` when
    /// its HEAD is detached or there is no such work tree.
    ///
    /// - Throws: ``GitError``.
    public func branch(ofWorktree name: String) throws -> RefName? {
        let head = commonDirectory.appending("worktrees").appending(name).appending("HEAD")
        guard let line = try Self.firstLine(of: head), line.hasPrefix("ref: ") else { return nil }
        return try RefName(String(line.dropFirst("ref: ".count)))
    }

    /// Returns the administrative directory that a work tree refers to, if it
    /// exists.
    private static func owner(of place: FilePath) throws -> FilePath? {
        guard let line = try firstLine(of: place.appending(".git")), line.hasPrefix("gitdir: ")
        else { return nil }
        return place.pushing(FilePath(String(line.dropFirst("gitdir: ".count)))).resolved()
    }

    private static func firstLine(of path: FilePath) throws -> String? {
        do {
            let file = try FileAccess.open(path, in: nil)
            defer { try? file.close() }
            let bytes = try FileAccess.readAll(file, path.description)
            return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        } catch let error as GitError where error.code == .notFound {
            return nil
        }
    }

    private static func replace(_ path: FilePath, by line: String) throws {
        let beside = FilePath("\(path).\(UInt32.random(in: .min ... .max))")
        do {
            let file = try FileDescriptor.open(
                beside, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            _ = try file.closeAfter { try file.writeAll("\(line)\n".utf8) }
        } catch let error as Errno {
            throw FileAccess.failure("write", path.description, error.rawValue)
        }
        guard rename(beside.string, path.string) == 0 else {
            throw FileAccess.failure("write", path.description)
        }
    }
}
