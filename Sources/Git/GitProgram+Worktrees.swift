internal import Exec
public import SystemPackage

extension GitProgram {
    /// The work tree, main or linked, that has a branch checked out; nil when
    /// none has (git-worktree(1)).
    ///
    /// - Throws: `ExecError`.
    public func worktree(
        ofBranch branch: String, gitDirectory: FilePath
    ) async throws -> FilePath? {
        let listing = try await run(
            ["worktree", "list", "--porcelain", "-z"], gitDirectory: gitDirectory)
        var place: FilePath?
        for field in listing.output.split(separator: 0) {
            let text = String(decoding: field, as: UTF8.self)
            if text.hasPrefix("worktree ") { place = FilePath(String(text.dropFirst(9))) }
            if text == "branch refs/heads/\(branch)" { return place }
        }
        return nil
    }
}
