internal import Exec
public import SystemPackage

extension GitProgram {
    /// Returns the work tree, main or linked, that has a branch checked out;
    /// nil when there is none (git-worktree(1)).
    ///
    /// - Throws: `ExecError`.
    public func worktree(
        ofBranch branch: String, gitDirectory: FilePath
    ) async throws -> FilePath? {
        try await worktreesByBranch(gitDirectory: gitDirectory)[branch]
    }

    /// Returns the work trees, main and linked, by the branch that they have
    /// checked out, except those whose directory no longer exists.
    ///
    /// - Throws: `ExecError`.
    public func worktreesByBranch(gitDirectory: FilePath) async throws -> [String: FilePath] {
        let listing = try await run(
            ["worktree", "list", "--porcelain", "-z"], gitDirectory: gitDirectory)
        var places: [String: FilePath] = [:]
        var place: FilePath?
        var branch: String?
        // An empty field ends the entry of a work tree.
        for field in listing.output.split(separator: 0, omittingEmptySubsequences: false) {
            let text = String(decoding: field, as: UTF8.self)
            if text.hasPrefix("worktree ") {
                place = FilePath(String(text.dropFirst("worktree ".count)))
            } else if text.hasPrefix("branch refs/heads/") {
                branch = String(text.dropFirst("branch refs/heads/".count))
            } else if text.hasPrefix("prunable") {
                place = nil
            } else if text.isEmpty {
                if let branch, let place { places[branch] = place }
                (place, branch) = (nil, nil)
            }
        }
        return places
    }

    /// Returns whether a work tree has uncommitted changes, including new
    /// files.
    ///
    /// - Throws: `ExecError`.
    public func hasChanges(in worktree: FilePath) async throws -> Bool {
        try await !run(["status", "--porcelain", "-z"], directory: worktree).output.isEmpty
    }
}
