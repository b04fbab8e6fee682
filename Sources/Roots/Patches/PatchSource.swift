internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// The source of a package in a repository of its own, and the user's changes
/// to it.
///
/// The content of the source is untrusted, so our own git(1) never reads it: it
/// is stored file by file as a tree, without following links, and only trees
/// are compared. The user's git finds the repository through `source/.git`; the
/// repository's settings keep the source from making git run commands or
/// convert file contents.
struct PatchSource {
    let place: PatchPlace

    /// The reference to the commit that changes are compared with.
    private static let base = "refs/zentoo/base"
    private static let branch = "patch"

    /// Returns the paths of a source that are missing from its repository and
    /// worth reporting: lost modes, owners and empty directories make no
    /// difference to a patch.
    static func losses(_ report: ImportReport) -> [String] {
        report.losses.compactMap { entry in
            switch entry.loss {
            case .special, .nestedRepository, .refusedName: entry.path.description
            case .emptyDirectory, .owner, .mode: nil
            }
        }
    }

    func open() throws -> Repository { try Repository.open(place.git) }

    // MARK: Making

    /// Creates the repository and the source next to each other.
    ///
    /// - Parameters:
    ///   - message: the commit message.
    ///   - store: stores the trees in the repository and returns them: the one
    ///     to commit and the one to check out.
    func make(
        message: String, by identity: Signature, with git: GitProgram,
        store: (Repository) throws -> (base: ObjectID, source: ObjectID)
    ) async throws {
        try Directory.create(place.git)
        let repository = try Repository.create(
            at: place.git, bare: true, initialBranch: Self.branch)
        let trees = try store(repository)
        let commit = try repository.createCommit(
            tree: trees.base, parents: [], author: identity, message: message)
        try repository.set(.branch(Self.branch), to: commit, expecting: .absent)
        try repository.set(RefName(Self.base), to: commit, expecting: .absent)
        try repository.export(tree: trees.source, to: place.source)
        try FileContent.write(
            Array("gitdir: ../\(PatchPlace.gitName.string)\n".utf8),
            to: place.gitFile)
        try Directory.create(place.git.appending("info"))
        try FileContent.write(
            Array(Self.attributes.utf8), to: place.git.appending("info/attributes"))
        try FileContent.write(Array(Self.settings.utf8), to: place.git.appending("config"))
        try await readIndex(commit, git)
    }

    /// Takes precedence over any `.gitattributes` in the source
    /// (gitattributes(5)).
    private static let attributes = """
        * -text !eol -ident -filter !working-tree-encoding !diff !merge !whitespace !export-subst

        """

    private static let settings = """
        [core]
        \trepositoryFormatVersion = 0
        \tbare = false
        \tworktree = ../source
        \tfileMode = true
        \thooksPath = /dev/null
        \tfsmonitor = false
        \tautocrlf = false
        \tattributesFile = /dev/null
        [submodule]
        \trecurse = false
        [diff]
        \tignoreSubmodules = all

        """

    /// Fills the index, so that the user's git shows only changes made after
    /// this commit.
    private func readIndex(_ commit: ObjectID, _ git: GitProgram) async throws {
        try await git.run(
            ["read-tree", "\(commit)"], gitDirectory: place.git, directory: place.git)
    }

    // MARK: Changes

    /// Returns the commit that changes are compared with.
    func base(in repository: Repository) throws -> ObjectID {
        guard let commit = try repository.resolve(RefName(Self.base)) else {
            throw PatchSurvey.damaged(place)
        }
        return commit
    }

    /// Stores the current content of the source and returns its tree.
    func snapshot(in repository: Repository) throws -> ObjectID {
        try repository.importDirectory(place.source).tree
    }

    /// Returns the difference between a commit and a source as a patch.
    ///
    /// - Throws: ``ZentooError`` when patch(1) could not apply it.
    func patch(
        from commit: ObjectID, to source: ObjectID, with git: GitProgram
    ) async throws -> [UInt8] {
        let repository = try open()
        let old = try repository.commit(commit).tree
        let binary = try await git.binaryFiles(from: old, to: source, gitDirectory: place.git)
        guard binary.isEmpty else {
            throw ZentooError(
                .unsupported,
                binary.count == 1
                    ? "a patch cannot make '\(binary[0])': it is no text"
                    : "a patch cannot make '\(binary[0])' and \(binary.count - 1) more: "
                        + "they are no text",
                hints: [
                    "remove what was compiled or unpacked there: "
                        + "'git -C \(place.source) clean -dnx' lists what is new"
                ])
        }
        // patch(1) refuses such names since 2.8, and crashes when doing so.
        let broken = try repository.diffTrees(old, source).map(\.path)
            .first { $0.bytes.contains(UInt8(ascii: "\n")) }
        if let broken {
            throw ZentooError(
                .unsupported, "a patch cannot make '\(broken)': its name has a line break",
                hints: [
                    "rename or remove it: 'git -C \(place.source) status' shows it quoted"
                ])
        }
        return try await git.patch(from: old, to: source, gitDirectory: place.git)
    }

    /// Makes the saved tree the base of later changes.
    ///
    /// - Parameter before: the commit that the saved changes were based on.
    func moveBase(
        to tree: ObjectID, after before: ObjectID, message: String, by identity: Signature,
        with git: GitProgram
    ) async throws {
        let repository = try open()
        let old = try base(in: repository)
        let branch = try RefName.branch(Self.branch)
        let commit = try repository.createCommit(
            tree: tree, parents: [before], author: identity, message: message)
        // If the user has moved the branch or checked out another, it stays as
        // it is.
        if case .branch(branch) = try repository.head(),
            try repository.resolve(branch) == old
        {
            try repository.set(branch, to: commit, expecting: .value(old))
            try await readIndex(commit, git)
        }
        try repository.set(RefName(Self.base), to: commit, expecting: .value(old))
    }
}
