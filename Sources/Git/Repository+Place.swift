internal import CGit2
internal import SystemPackage

// Checks and settings after a repository is opened, and errors when it cannot
// be opened.
extension Repository {
    /// Checks that a linked work tree is at its recorded path, which libgit2
    /// trusts: after a plain `mv` it would read and write at the old path.
    func checkPlace(of directory: FilePath) throws {
        guard isWorktree, let recorded = workingDirectory else { return }
        guard let start = directory.resolved() else { return }
        if let place = recorded.resolved(), start.starts(with: place) { return }
        if let place = gitDirectory.resolved(), start.starts(with: place) { return }
        throw GitError(
            .invalid, "work tree of '\(directory)' was moved from '\(recorded)'",
            hints: ["git worktree repair '\(directory)'"])
    }

    func setWorkingDirectory(_ path: FilePath) throws {
        try path.withPlatformString { path in
            _ = try check(
                git_repository_set_workdir(pointer, path, 0),
                "cannot use work tree '\(String(cString: path))'")
        }
    }

    /// Writes objects to `directory` and reads them there and in `alternates`,
    /// as git does with GIT_OBJECT_DIRECTORY.
    func setObjectDirectory(_ directory: FilePath, alternates: [FilePath]) throws {
        let action = "cannot use object directory '\(directory)'"
        try withHandle(
            action, freedBy: git_odb_free,
            { odb in directory.withPlatformString { git_odb_open(&odb, $0) } },
            { odb in
                for alternate in alternates {
                    _ = try alternate.withPlatformString {
                        try check(git_odb_add_disk_alternate(odb, $0), action)
                    }
                }
                try check(git_repository_set_odb(pointer, odb), action)
            })
        hasOtherObjects = true
    }

    /// Returns libgit2's error with a message and hints that say what to do.
    static func explained(_ error: GitError, at path: FilePath) -> GitError {
        if path.resolved() == nil {
            return GitError(.notFound, "'\(path)' does not exist")
        }
        let isOwnerRefused =
            error.code == .notOwner
            || error.message.hasSuffix(LibraryVersion.missingSafeDirectory)
        if isOwnerRefused {
            return GitError(
                .notOwner, "repository at '\(path)' is owned by somebody else",
                hints: ["git config --global --add safe.directory '\(path.resolved() ?? path)'"])
        }
        if error.code == .notFound {
            return GitError(
                .notFound, "not a git repository (or any of the parent directories): '\(path)'",
                hints: ["git zentoo init"])
        }
        for refusal in LibraryVersion.refusals {
            guard let words = error.message.firstRange(of: refusal.words) else { continue }
            let name = refusal.name(error.message[words.upperBound...])
            return GitError(
                .unsupported, "repository '\(path)' uses '\(name)', which libgit2 cannot read")
        }
        return error
    }
}
