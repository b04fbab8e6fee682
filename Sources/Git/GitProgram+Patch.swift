internal import Exec
public import SystemPackage

extension GitProgram {
    /// Returns the difference between two trees, for `patch -p1`. It is the
    /// same on every machine, whatever the user's diff settings are.
    ///
    /// Files that ``binaryFiles(from:to:gitDirectory:)`` returns are only
    /// mentioned in it.
    ///
    /// - Throws: `ExecError`.
    public func patch(
        from old: ObjectID, to new: ObjectID, gitDirectory: FilePath
    ) async throws -> [UInt8] {
        try await compare(
            old, new,
            [
                "-p", "--full-index", "--unified=3", "--inter-hunk-context=0",
                "--diff-algorithm=myers", "--src-prefix=a/", "--dst-prefix=b/",
            ], gitDirectory)
    }

    /// Returns the binary files that differ, which patch(1) cannot create.
    ///
    /// - Throws: `ExecError`.
    public func binaryFiles(
        from old: ObjectID, to new: ObjectID, gitDirectory: FilePath
    ) async throws -> [TreePath] {
        // "12<TAB>3<TAB>PATH", with hyphens as numbers for binary files.
        try await compare(old, new, ["--numstat", "-z"], gitDirectory)
            .split(separator: 0).filter { $0.starts(with: Array("-\t-\t".utf8)) }
            .map { TreePath(bytes: Array($0.dropFirst("-\t-\t".utf8.count))) }
    }

    private func compare(
        _ old: ObjectID, _ new: ObjectID, _ form: [String], _ gitDirectory: FilePath
    ) async throws -> [UInt8] {
        try await run(
            [
                "-c", "core.attributesFile=/dev/null", "-c", "core.quotePath=true",
                "-c", "diff.suppressBlankEmpty=false",
                "diff-tree", "-r", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames",
                "--no-relative", "-O/dev/null",
            ] + form + ["\(old)", "\(new)"], gitDirectory: gitDirectory, directory: gitDirectory
        ).output
    }
}
