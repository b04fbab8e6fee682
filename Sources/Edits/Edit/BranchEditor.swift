internal import Exec
internal import Files
package import Git
internal import Sites
internal import SystemPackage

/// Creates commits on a site's branches, whether or not they are checked out.
///
/// If a branch is checked out, git(1) commits in that work tree, so that its
/// files and index match the branch. Otherwise the commit is created in the
/// repository alone, and the branch is moved only if it still has its old
/// value.
package struct BranchEditor {
    /// A change of one path.
    package enum Change: Sendable, Hashable {
        /// Writes a regular file with this content.
        case write(TreePath, [UInt8])
        /// Removes a file.
        case remove(TreePath)

        var path: TreePath {
            switch self {
            case .write(let path, _), .remove(let path): path
            }
        }
    }

    private let repository: Repository
    private let git: GitProgram
    private let identity: Signature

    /// Creates an editor that commits as `identity`.
    package init(repository: Repository, git: GitProgram, identity: Signature) {
        self.repository = repository
        self.git = git
        self.identity = identity
    }

    /// Commits changes of some files to a branch.
    ///
    /// - Returns: the new commit; nil when the branch already has this content.
    /// - Throws: ``ZentooError`` if a file has uncommitted changes in the work
    ///   tree or the branch was moved meanwhile; nothing is changed then.
    package func commit(
        _ changes: [Change], to branch: String, message: String
    ) async throws -> ObjectID? {
        let name = try RefName.branch(branch)
        let old = try repository.resolve(name)
        let tree = try old.map { try repository.commit($0).tree }
        let edited = try repository.editTree(
            base: tree,
            changes.map { change in
                switch change {
                case .write(let path, let bytes):
                    .put(path, .file, try repository.writeBlob(bytes))
                case .remove(let path): .remove(path)
                }
            })
        guard edited != tree else { return nil }
        if let place = try await checkout(of: branch) {
            let known = try changes.map(\.path).filter { path in
                try tree.flatMap { try repository.entry(in: $0, path) } != nil
            }
            try await commit(changes, in: place, message: message, replacing: known)
            return try repository.resolve(name)
        }
        return try commit(edited, to: branch, onto: old, message: message)
    }

    /// Commits a whole tree to a new or existing branch.
    ///
    /// - Returns: the new commit; nil when the branch already has this tree.
    /// - Throws: ``ZentooError`` if the branch is checked out somewhere:
    ///   replacing all files of a work tree in use is left to the user.
    package func commit(
        tree: ObjectID, to branch: String, message: String
    ) async throws -> ObjectID? {
        let old = try repository.resolve(try RefName.branch(branch))
        if let old, try repository.commit(old).tree == tree { return nil }
        if let place = try await checkout(of: branch) {
            throw ZentooError(
                .busy, "branch '\(branch)' is checked out at '\(place)'",
                hints: ["switch that work tree to another branch first: 'git -C \(place) switch -'"]
            )
        }
        return try commit(tree, to: branch, onto: old, message: message)
    }

    private func commit(
        _ tree: ObjectID, to branch: String, onto old: ObjectID?, message: String
    ) throws -> ObjectID {
        let commit = try repository.createCommit(
            tree: tree, parents: old.map { [$0] } ?? [], author: identity, committer: identity,
            message: message + "\n")
        do {
            try repository.set(
                try RefName.branch(branch), to: commit,
                expecting: old.map { .value($0) } ?? .absent, message: "zentoo: \(message)")
        } catch let error as GitError where error.code == .conflict {
            throw ZentooError(
                .busy, "branch '\(branch)' changed meanwhile", hints: ["run the command again"])
        }
        return commit
    }

    /// - Parameter known: the paths that the branch has.
    private func commit(
        _ changes: [Change], in place: FilePath, message: String, replacing known: [TreePath]
    ) async throws {
        let paths = changes.map(\.path.description)
        try await check(paths, in: place)
        do {
            for change in changes {
                let path = place.appending(change.path.description)
                switch change {
                case .write(_, let bytes):
                    try Directory.create(path.removingLastComponent())
                    try FileContent.write(bytes, to: path)
                case .remove:
                    try FileContent.remove(path)
                }
            }
            // A user may ignore `*.lock` everywhere (core.excludesFile).
            try await git.run(["add", "--force", "--all", "--"] + paths, directory: place)
            try await git.run(
                ["commit", "--quiet", "--only", "-m", message, "--"] + paths, directory: place)
        } catch {
            // A hook may have refused the commit, or no signature be made. What
            // stayed would keep the command from being run again.
            try? await restore(paths, known: known.map(\.description), in: place)
            throw error
        }
    }

    /// Gives files of a work tree their committed state again.
    private func restore(_ paths: [String], known: [String], in place: FilePath) async throws {
        let new = paths.filter { !known.contains($0) }
        if !known.isEmpty {
            try await git.run(["checkout", "--quiet", "HEAD", "--"] + known, directory: place)
        }
        if !new.isEmpty {
            try await git.run(
                ["rm", "--quiet", "--force", "--cached", "--ignore-unmatch", "--"] + new,
                directory: place)
            for path in new { try FileContent.remove(place.appending(path)) }
        }
    }

    /// Checks that files of a branch can be changed.
    ///
    /// - Throws: ``ZentooError`` if one has uncommitted changes.
    package func check(_ paths: [String], of branch: String) async throws {
        if let place = try await checkout(of: branch) { try await check(paths, in: place) }
    }

    private func check(_ paths: [String], in place: FilePath) async throws {
        let status = try await git.run(
            ["status", "--porcelain", "-z", "--"] + paths, directory: place)
        guard status.output.isEmpty else {
            throw ZentooError(
                .busy,
                "'\(paths.joined(separator: "', '"))' has uncommitted changes in '\(place)'",
                hints: ["commit them first: 'git commit -- \(paths.joined(separator: " "))'"])
        }
    }

    private func checkout(of branch: String) async throws -> FilePath? {
        try await git.worktree(ofBranch: branch, gitDirectory: repository.commonDirectory)
    }
}
