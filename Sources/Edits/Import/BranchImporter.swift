internal import Exec
package import Git
package import Sites
package import SystemPackage

/// Imports directories as branches: an existing `/etc/portage` or set of
/// buildhooks becomes a commit, byte for byte.
package struct BranchImporter {
    let repository: Repository
    let git: GitProgram
    let editor: BranchEditor
    let branches: BranchFinder

    /// Creates an importer into `repository`.
    ///
    /// - Parameter remote: the remote whose branch a first commit is based on
    ///   when there is no local one.
    package init(
        _ repository: Repository, git: GitProgram, identity: Signature, remote: String?
    ) {
        self.repository = repository
        self.git = git
        editor = BranchEditor(repository: repository, git: git, identity: identity)
        branches = BranchFinder(repository: repository, remote: remote)
    }

    /// Imports buildhooks.
    ///
    /// - Throws: `GitError` if the directory cannot be read; ``ZentooError`` if
    ///   it has no files or the branch is checked out somewhere.
    package func importBuildhooks(
        _ name: ZentooName, from directory: FilePath
    ) async throws -> ImportResult {
        let branch = "\(BuildhooksBranch.prefix)/\(name)"
        let (tree, report) = try read(directory)
        let modes = try repository.blob(in: tree, "modes") ?? []
        let kept = LineFile(modes).map { line in
            let path = line.words[0]
            return path.hasPrefix("/") ? path : "/" + path
        }
        var result = try await commit(tree, to: branch, from: directory, report)
        result.losses = try losses(of: report, tree, isBuildhooks: true, kept: Set(kept))
        result.mistakes = try BuildhooksBranch(
            name: name, branch: found(branch), repository: repository
        ).mistakes
        return result
    }

    /// Imports an `/etc/portage`.
    ///
    /// - Parameter cpu: the cpu that gets the cpu's settings, and the site
    ///   whose branch it is on; nil to import everything unchanged.
    /// - Throws: `GitError` if the directory cannot be read; ``ZentooError`` if
    ///   it has no files, the cpu exists with other content, or the branch is
    ///   checked out somewhere.
    package func importPortage(
        _ name: ZentooName, from directory: FilePath, cpu: (name: ZentooName, site: Site)? = nil
    ) async throws -> ImportResult {
        let branch = "\(PortageBranch.prefix)/\(name)"
        var (tree, report) = try read(directory)
        var moved: ImportResult.CPUResult?
        var mistakes: [Mistake] = []
        if let cpu {
            (tree, moved) = try await move(tree, of: branch, to: cpu.name, of: cpu.site)
            mistakes =
                try Site(cpu.site.name, in: repository, remote: branches.remote)
                .cpuIfAny(cpu.name)?.mistakes ?? []
        }
        var result = try await commit(tree, to: branch, from: directory, report)
        result.losses = try losses(of: report, tree, isBuildhooks: false)
        result.cpu = moved
        result.mistakes =
            try mistakes
            + PortageBranch(name: name, branch: found(branch), repository: repository).mistakes
        return result
    }

    // MARK: Steps

    private func read(_ directory: FilePath) throws -> (tree: ObjectID, report: ImportReport) {
        let (tree, report) = try repository.importDirectory(directory)
        guard tree != .emptyTree else {
            throw ZentooError(.notFound, "'\(directory)' has no files to import")
        }
        return (tree, report)
    }

    private func commit(
        _ tree: ObjectID, to branch: String, from directory: FilePath, _ report: ImportReport
    ) async throws -> ImportResult {
        let old = try branches.find(branch)
        try branches.startLocally(branch)
        let commit = try await editor.commit(
            tree: tree, to: branch,
            message: "zentoo: import \(branch) from \(directory.lastComponent?.string ?? "/")")
        var result = ImportResult(
            branch: branch, commit: try (commit ?? found(branch).commit).description,
            isChanged: commit != nil, isNew: old == nil, files: try count(tree), losses: [],
            secrets: try secrets(in: tree, of: branch, report), mistakes: [])
        if let old, commit != nil {
            let before = try repository.commit(old.commit).tree
            result.statistics = try await difference(before, tree, options: ["--stat=80"])
        }
        return result
    }

    private func found(_ branch: String) throws -> BranchFinder.Branch {
        guard let found = try branches.find(branch) else {
            throw ZentooError(.busy, "branch '\(branch)' was deleted meanwhile")
        }
        return found
    }

    func difference(
        _ old: ObjectID, _ new: ObjectID, options: [String] = [], path: String? = nil
    ) async throws -> [String] {
        let said = try await git.run(
            ["diff", "--no-color", "--no-ext-diff", "--no-textconv"] + options
                + ["\(old)", "\(new)", "--"] + (path.map { [$0] } ?? []),
            gitDirectory: repository.commonDirectory)
        return said.text.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init).filter { !$0.isEmpty || options.isEmpty }
    }

    private func count(_ tree: ObjectID) throws -> Int {
        try repository.tree(tree).reduce(0) { sum, entry in
            try sum + (entry.mode == .tree ? count(entry.id) : 1)
        }
    }

    private func losses(
        of report: ImportReport, _ tree: ObjectID, isBuildhooks: Bool, kept: Set<String> = []
    ) throws -> [ImportLoss] {
        try LossList(isBuildhooks: isBuildhooks, kept: kept) { path in
            try repository.entry(in: tree, path)?.mode == .file ? 0o644 : 0o755
        }.losses(report)
    }

    private func secrets(
        in tree: ObjectID, of branch: String, _ report: ImportReport
    ) throws -> [Secret] {
        var modes: [String: UInt32] = [:]
        for entry in report.losses {
            if case .mode(let mode) = entry.loss { modes[entry.path.description] = mode }
        }
        var reading = TreeReading(ref: branch, repository: repository)
        try reading.walk(tree)
        return reading.files.flatMap { file in
            SecretSearch.findings(in: file.path, file.bytes).map { finding in
                Secret(
                    file: file.path, line: finding.line, kind: finding.kind,
                    // A mode that is not reported is 0644 or 0755.
                    isWorldReadable: modes[file.path, default: 0o644] & 0o004 != 0)
            }
        }
    }
}
