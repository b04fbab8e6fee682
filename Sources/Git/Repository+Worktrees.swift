internal import CGit2
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
public import SystemPackage

extension Repository {
    /// Checks out a branch into a new linked work tree, byte for byte as it is
    /// stored: without filters or line-end conversion.
    ///
    /// - Parameters:
    ///   - name: the work tree's name, without a `/`.
    ///   - path: the new directory; it must not exist, its parent must.
    ///   - branch: a local branch that no work tree has checked out.
    /// - Returns: the work tree.
    /// - Throws: ``GitError``: `conflict` when the name or the path exists,
    ///   `invalid` when the branch is checked out elsewhere.
    @discardableResult
    public func addWorktree(
        name: String, path: FilePath, branch: RefName
    ) throws -> Worktree {
        try refuseWhereForbidden()
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw GitError(.invalidName, "'\(name)' is not a valid work tree name")
        }
        guard try worktree(named: name) == nil else {
            throw GitError(
                .conflict, "work tree '\(name)' already exists", hints: ["git worktree prune"])
        }
        guard path.resolved() == nil else {
            throw GitError(.conflict, "'\(path)' already exists")
        }
        // libgit2 fails if two processes create the directory of all work trees
        // at once.
        let administration = commonDirectory.appending("worktrees")
        try administration.withPlatformString { path in
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
                throw FileAccess.failure("make directory", administration.description)
            }
        }
        do {
            try makeWorktree(name, path, branch)
        } catch let error as GitError {
            // A failed add leaves a directory that blocks the name; after a
            // conflict the directory belongs to another process, which was
            // faster.
            if error.code != .conflict && error.code != .invalid {
                try removeRemains(of: name, path)
            }
            throw error
        }
        guard let made = try worktree(named: name) else {
            throw GitError(.notFound, "work tree '\(name)' not found")
        }
        return made
    }

    private func makeWorktree(_ name: String, _ path: FilePath, _ branch: RefName) throws {
        let action = "cannot add work tree '\(name)'"
        try withReference(branch) { reference in
            if git_branch_is_checked_out(reference) == 1 {
                throw GitError(
                    .invalid, "'\(branch.branchName ?? "\(branch)")' is already checked out",
                    hints: ["git worktree list"])
            }
            var options = git_worktree_add_options()
            try check(
                git_worktree_add_options_init(
                    &options, UInt32(GIT_WORKTREE_ADD_OPTIONS_VERSION)), action)
            options.ref = reference
            // SAFE: existing files are never overwritten, symbolic links are
            // not followed.
            options.checkout_options.checkout_strategy = GIT_CHECKOUT_SAFE.rawValue
            options.checkout_options.disable_filters = 1
            try withHandle(
                action, freedBy: git_worktree_free,
                { handle in
                    path.withPlatformString {
                        git_worktree_add(&handle, pointer, name, $0, &options)
                    }
                }, { _ in })
        }
    }

    private func removeRemains(of name: String, _ path: FilePath) throws {
        let remains = commonDirectory.appending("worktrees").appending(name)
        try remains.withPlatformString { try FileAccess.removeTree($0, in: nil) }
        try path.withPlatformString { try FileAccess.removeTree($0, in: nil) }
    }

    /// Returns the linked work trees, sorted by name.
    ///
    /// - Throws: ``GitError``.
    public func worktrees() throws -> [Worktree] {
        var names = git_strarray()
        try check(git_worktree_list(&names, pointer), "cannot list work trees")
        defer { git_strarray_dispose(&names) }
        return try (0..<names.count)
            .compactMap { names.strings[$0].map { String(cString: $0) } }.sorted()
            .compactMap { try worktree(named: $0) }
    }

    /// Returns the linked work tree of this name; `nil` when there is none.
    ///
    /// - Throws: ``GitError``.
    public func worktree(named name: String) throws -> Worktree? {
        try withWorktree(name) { worktree in
            guard let path = git_worktree_path(worktree) else { return nil }
            let isValid = git_worktree_validate(worktree) == 0
            git_error_clear()
            return Worktree(
                name: name, path: FilePath(platformString: path), isValid: isValid,
                isLocked: git_worktree_is_locked(nil, worktree) > 0)
        } ?? nil
    }

    /// Removes a linked work tree with its files, changed or not; the branch
    /// stays.
    ///
    /// - Returns: whether it existed.
    /// - Throws: ``GitError``, `locked` when it is locked.
    @discardableResult
    public func removeWorktree(_ name: String) throws -> Bool {
        try refuseWhereForbidden()
        let isRemoved = try withWorktree(name) { worktree in
            guard git_worktree_is_locked(nil, worktree) == 0 else {
                throw GitError(
                    .locked, "work tree '\(name)' is locked",
                    hints: ["git worktree unlock '\(name)'"])
            }
            let action = "cannot remove work tree '\(name)'"
            var options = git_worktree_prune_options()
            try check(
                git_worktree_prune_options_init(
                    &options, UInt32(GIT_WORKTREE_PRUNE_OPTIONS_VERSION)), action)
            options.flags = GIT_WORKTREE_PRUNE_VALID.rawValue
            // After a move the recorded path may belong to something else and
            // is not emptied.
            if git_worktree_validate(worktree) == 0 {
                options.flags |= GIT_WORKTREE_PRUNE_WORKING_TREE.rawValue
            }
            git_error_clear()
            try check(git_worktree_prune(worktree, &options), action)
            return true
        }
        return isRemoved ?? false
    }

    private func withWorktree<Result>(
        _ name: String, _ body: (OpaquePointer) throws -> Result
    ) throws -> Result? {
        let directory = commonDirectory.appending("worktrees").appending(name)
        guard directory.resolved() != nil else { return nil }
        return try withHandle(
            "cannot read work tree '\(name)'", freedBy: git_worktree_free,
            { git_worktree_lookup(&$0, pointer, name) }, body)
    }
}
