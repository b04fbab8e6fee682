package import Edits
internal import Files
package import Git
package import Records
package import Sites
internal import SystemPackage

/// Adds a site to a repository: creates the missing branches and the settings
/// that plain git needs. What exists is never changed, so that it can be run
/// again at any time.
package struct SiteInitializer {
    /// The result of an initialization.
    package struct Result: Sendable, Hashable {
        /// The site's name.
        package var site: ZentooName
        /// The branches that got a commit, with that commit.
        package var branches: [NewBranch] = []
        /// The site or the skeleton's branches that already existed.
        package var kept: [String] = []
        /// The settings that were added.
        package var settings: [RepositorySettings.Setting] = []
        /// The hooks; nil unless the repository is bare.
        package var hooks: HookInstaller.Installation?
    }

    /// A branch that was created, or got its first files.
    package struct NewBranch: Sendable, Hashable, Codable {
        /// The name without `refs/heads/`.
        package var name: String
        /// Its commit.
        package var commit: String
        /// The number of files that it got.
        package var files: Int
    }

    private let repository: Repository
    private let git: GitProgram
    private let skeleton: SiteSkeleton
    private let editor: BranchEditor
    private let branches: BranchFinder

    /// Creates an initializer that copies `skeleton` into `repository`.
    ///
    /// - Parameter remote: the remote whose branches count as existing: a
    ///   branch that a clone has not checked out is not missing.
    package init(
        _ skeleton: SiteSkeleton, in repository: Repository, git: GitProgram, identity: Signature,
        remote: String?
    ) {
        self.skeleton = skeleton
        self.repository = repository
        self.git = git
        editor = BranchEditor(repository: repository, git: git, identity: identity)
        branches = BranchFinder(repository: repository, remote: remote)
    }

    /// Creates what is missing for `site`.
    ///
    /// - Throws: ``ZentooError`` when files of the work tree, or hooks of a
    ///   bare repository, are in the way; nothing is changed in that case.
    package func run(site: ZentooName) async throws -> Result {
        var result = Result(site: site)
        let hooks = repository.isBare ? try HookInstaller(repository, git: git) : nil
        try await hooks?.check()
        let files = try missingFiles(of: site)
        try refuseOverwriting(files.map(\.path), of: site)
        if !files.isEmpty { try branches.startLocally(site.text) }
        if files.isEmpty {
            result.kept.append(site.text)
        } else {
            try await makeBranches(site, files, &result)
        }
        result.settings = try await nameSite(site)
        result.settings += try await RepositorySettings(
            git: git, gitDirectory: repository.commonDirectory
        ).complete()
        result.hooks = try await hooks?.install()
        return result
    }

    private func makeBranches(
        _ site: ZentooName, _ files: [(path: TreePath, bytes: [UInt8])], _ result: inout Result
    ) async throws {
        // The site's branch comes last, so that an existing site is complete.
        for branch in try skeleton.branches() {
            if let found = try branches.find(branch.name) {
                result.kept.append(found.shown)
                continue
            }
            let (tree, report) = try repository.importDirectory(branch.directory)
            let commit = try await editor.commit(
                tree: tree, to: branch.name, message: "zentoo: begin \(branch.name)")
            result.add(branch.name, commit, report.files)
        }
        let commit = try await editor.commit(
            files.map { .write($0.path, $0.bytes) }, to: site.text,
            message: "zentoo: begin site \(site)")
        result.add(site.text, commit, files.count)
    }

    /// Returns the skeleton's files that the site's branch lacks; none when it
    /// is already a site, which may not need all of them.
    private func missingFiles(of site: ZentooName) throws -> [(path: TreePath, bytes: [UInt8])] {
        let tree =
            try branches.find(site.text).map { try repository.commit($0.commit).tree }
            ?? .emptyTree
        if try repository.entry(in: tree, TreePath(TuplesFile.path)) != nil { return [] }
        let (wanted, _) = try repository.importDirectory(skeleton.main)
        return try repository.diffTrees(tree, wanted).compactMap { delta in
            guard delta.old == nil, let new = delta.new else { return nil }
            return (delta.path, try repository.blob(new.id))
        }
    }

    /// Throws when a file that git does not track would be overwritten.
    private func refuseOverwriting(_ paths: [TreePath], of site: ZentooName) throws {
        guard let place = repository.workingDirectory,
            case .branch(let head) = try repository.head(), head.branchName == site.text
        else { return }
        let present = try paths.map(\.description).filter {
            try FileStatus.of(place.appending($0)) != nil
        }
        guard present.isEmpty else {
            throw ZentooError(
                .exists, "files are in the way: '\(present.joined(separator: "', '"))'",
                hints: ["commit them, or move them away, and run 'git zentoo init' again"])
        }
    }

    /// Adds the site to `zentoo.site` if HEAD alone does not identify it.
    private func nameSite(_ site: ZentooName) async throws -> [RepositorySettings.Setting] {
        let configuration = try await git.configuration(gitDirectory: repository.commonDirectory)
        let known = configuration.strings(Self.siteKey)
        var head: String?
        if case .branch(let reference) = try repository.head() { head = reference.branchName }
        guard !known.contains(site.text), !(known.isEmpty && head == site.text) else { return [] }
        var added = [site.text]
        // While nothing is listed, the HEAD branch is implicitly a site.
        if known.isEmpty, let head, let commit = try repository.resolve(RefName.branch(head)),
            try repository.entry(in: repository.commit(commit).tree, TreePath(TuplesFile.path))
                != nil
        {
            added.insert(head, at: 0)
        }
        for name in added {
            try await git.addConfiguration(
                Self.siteKey, name, gitDirectory: repository.commonDirectory)
        }
        return added.map { RepositorySettings.Setting(key: Self.siteKey, value: $0) }
    }

    private static let siteKey = "zentoo.site"
}

extension SiteInitializer.Result {
    fileprivate mutating func add(_ name: String, _ commit: ObjectID?, _ files: Int) {
        guard let commit else { return }
        branches.append(
            SiteInitializer.NewBranch(name: name, commit: commit.description, files: files))
    }
}
