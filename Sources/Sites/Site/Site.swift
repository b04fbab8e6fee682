package import Git

/// One network, as described by its branch at one commit, with the portage and
/// buildhooks branches as they are now.
///
/// Everything is read once and kept, so that a thousand tuples need a thousand
/// compositions but not a thousand reads.
package final class Site {
    /// The name of the site and of its branch.
    package let name: ZentooName
    /// The branch's commit.
    package let commit: ObjectID
    /// The branch as `git show` takes it.
    package let shownRef: String
    /// The repository that everything is read from.
    package let repository: Repository
    /// The existing names.
    package let parts: KnownParts
    /// The content of `config/tuples`.
    package let tuplesFile: TuplesFile
    /// The content of `config/zentoo.lock`.
    package let lock: SiteLock
    /// The entries of `config/stages`.
    package let stages: [StagesFile.Entry]
    /// The entries of `config/repos`.
    package let repositories: [RepositoriesFile.Entry]

    /// The tree of the site's commit.
    package let tree: ObjectID
    /// The finder of the portage and buildhooks branches.
    package let branches: BranchFinder
    let state: StateDirectory?
    let fileMistakes: [Mistake]
    /// A cache of what the site's tuples share when they are composed.
    let composition = CompositionMemory()
    private var readings: [String: [Tuple]] = [:]
    private var portageBranches: [ZentooName: PortageBranch] = [:]
    private var buildhooksBranches: [ZentooName: BuildhooksBranch] = [:]
    private var cpuFragments: [ZentooName: CPUFragment] = [:]

    /// Reads a site.
    ///
    /// - Parameters:
    ///   - remote: the remote whose branches are used when there is no local
    ///     one.
    ///   - state: the directory that may contain copies of the pinned ebuild
    ///     repositories. They are not inputs of a composition; they only show
    ///     which package sets they define.
    /// - Throws: ``ZentooError`` if there is no such branch. Mistakes in its
    ///   files are kept for ``check()``, so that one of them does not hide the
    ///   others.
    package convenience init(
        _ name: ZentooName, in repository: Repository, remote: String?,
        state: StateDirectory? = nil
    ) throws {
        try self.init(
            name, BranchFinder(repository: repository, remote: remote), state: state)
    }

    /// Returns the site as if some branches were at other commits, and without
    /// the branches whose commit is nil.
    package func replacing(_ commits: [String: ObjectID?]) throws -> Site {
        var finder = branches
        finder.replacing.merge(commits) { $1 }
        return try Site(name, finder, state: state)
    }

    /// Reads a site from the branches of a finder.
    ///
    /// - Throws: ``ZentooError`` if there is no such site or its files cannot
    ///   be read; `GitError`.
    package init(_ name: ZentooName, _ finder: BranchFinder, state: StateDirectory?) throws {
        let repository = finder.repository
        guard let branch = try finder.find(name.text) else {
            throw ZentooError(
                .notFound, "site '\(name)' not found: there is no branch of this name",
                hints: [
                    "list the branches with 'git branch --all'; the sites are named by "
                        + "'git config --get-all zentoo.site'"
                ])
        }
        self.name = name
        self.repository = repository
        self.state = state
        branches = finder
        commit = branch.commit
        shownRef = branch.shown
        tree = try repository.commit(branch.commit).tree

        var mistakes: [Mistake] = []
        let siteTree = tree
        func bytes(_ path: String) throws -> [UInt8] {
            try repository.blob(in: siteTree, TreePath(path)) ?? []
        }
        tuplesFile = TuplesFile(try bytes(TuplesFile.path), ref: shownRef, mistakes: &mistakes)
        lock = SiteLock(try bytes(SiteLock.path), ref: shownRef, mistakes: &mistakes)
        let stagesFile = StagesFile.parse(try bytes(StagesFile.path), ref: shownRef)
        let repositoriesFile = RepositoriesFile.parse(
            try bytes(RepositoriesFile.path), ref: shownRef)
        stages = stagesFile.entries
        repositories = repositoriesFile.entries
        mistakes += stagesFile.mistakes + repositoriesFile.mistakes

        func names(in path: String, of tree: ObjectID) throws -> Set<ZentooName> {
            let links = BranchLinks(tree: tree, repository: repository)
            guard let folder = try links.entry(at: path), folder.mode == .tree
            else { return [] }
            let names = try repository.tree(folder.id).compactMap { entry -> ZentooName? in
                let name = String(decoding: entry.name, as: UTF8.self)
                let mode =
                    entry.mode == .symlink
                    ? try links.entry(at: "\(path)/\(name)")?.mode : entry.mode
                return mode == .file || mode == .executable ? try? ZentooName(name) : nil
            }
            return Set(names)
        }
        let portages = try finder.names(under: PortageBranch.prefix)
        var sets: [ZentooName?: Set<ZentooName>] = [
            nil: try names(in: CPUFragment.siteSets, of: tree)
        ]
        for portage in portages {
            guard let found = try finder.find("\(PortageBranch.prefix)/\(portage)") else {
                continue
            }
            sets[portage] = try names(in: "sets", of: repository.commit(found.commit).tree)
        }
        parts = KnownParts(
            cpus: try names(in: CPUFragment.folder, of: tree), portages: portages,
            buildhooks: try finder.names(under: BuildhooksBranch.prefix), sets: sets)
        fileMistakes = mistakes
    }

    /// The stage of tuples that name none: the only stage, or the only one that
    /// was not bootstrapped, so that a bootstrap does not leave these tuples
    /// without a stage.
    private var defaultStage: ZentooName? {
        if stages.count == 1 { return stages[0].name }
        let others = stages.filter { entry in
            if case .pool = entry.source { return false }
            return true
        }
        return others.count == 1 ? others[0].name : nil
    }

    /// Returns the name of a tuple's stage, whether or not that exists; nil if
    /// the tuple has none.
    package func stage(of tuple: Tuple) -> ZentooName? {
        stage(by: tuplesFile.options(of: tuple))
    }

    /// Returns the name of the stage for a tuple's options.
    func stage(by options: TupleOptions) -> ZentooName? { options.stage ?? defaultStage }

    // MARK: Tuples

    /// Returns the tuple that a user names.
    ///
    /// - Throws: ``ZentooError`` if there is no reading, or with the candidates
    ///   if there are several.
    package func tuple(named text: String) throws -> Tuple {
        let readings = readings(of: text)
        if let tuple = readings.first, readings.count == 1 { return tuple }
        if readings.isEmpty {
            let missing = parts.missingPart(of: text)
            throw ZentooError(
                .notFound, "tuple '\(text)' names no \(missing.part) ('\(missing.rest)')",
                hints: [Self.known(missing.part, missing.known)])
        }
        throw ZentooError(
            .ambiguous, "tuple '\(text)' can be read in \(readings.count) ways",
            hints: readings.map(Self.describe))
    }

    /// The tuples that `config/tuples` declares and that have exactly one
    /// reading, in the order of the file.
    package var declaredTuples: [Tuple] {
        var seen: Set<String> = []
        return tuplesFile.declarations.compactMap { line in
            let readings = readings(of: line.subject)
            guard readings.count == 1, seen.insert(line.subject).inserted else { return nil }
            return readings[0]
        }
    }

    /// Returns every way to read `text` as a tuple of the site's parts.
    package func readings(of text: String) -> [Tuple] {
        if let known = readings[text] { return known }
        let found = parts.readings(of: text)
        readings[text] = found
        return found
    }

    /// Returns a hint with the existing names.
    package static func known(_ part: String, _ names: [ZentooName]) -> String {
        names.isEmpty
            ? "there is no \(part) yet"
            : "known: \(names.map(\.text).joined(separator: ", "))"
    }

    static func describe(_ tuple: Tuple) -> String {
        "cpu '\(tuple.cpu)', portage '\(tuple.portage)', buildhooks '\(tuple.buildhooks)', "
            + "packages '\(tuple.packages)'"
    }

    // MARK: Parts

    /// Returns the portage branch of a name.
    package func portage(_ name: ZentooName) throws -> PortageBranch {
        if let known = portageBranches[name] { return known }
        guard let found = try branches.find("\(PortageBranch.prefix)/\(name)") else {
            throw ZentooError(
                .notFound, "portage branch '\(name)' not found",
                hints: ["make it with 'git zentoo portage new \(name)'"])
        }
        let branch = try PortageBranch(name: name, branch: found, repository: repository)
        portageBranches[name] = branch
        return branch
    }

    /// Returns the buildhooks branch of a name.
    package func buildhooks(_ name: ZentooName) throws -> BuildhooksBranch {
        if let known = buildhooksBranches[name] { return known }
        guard let found = try branches.find("\(BuildhooksBranch.prefix)/\(name)") else {
            throw ZentooError(
                .notFound, "buildhooks branch '\(name)' not found",
                hints: ["make it with 'git zentoo buildhooks new \(name)'"])
        }
        let branch = try BuildhooksBranch(name: name, branch: found, repository: repository)
        buildhooksBranches[name] = branch
        return branch
    }

    /// Returns the cpu fragment of a name.
    package func cpu(_ name: ZentooName) throws -> CPUFragment {
        if let known = cpuFragments[name] { return known }
        let path = "\(CPUFragment.folder)/\(name)"
        let links = BranchLinks(tree: tree, repository: repository)
        guard let entry = try links.entry(at: path), entry.mode != .tree else {
            throw ZentooError(
                .notFound, "cpu '\(name)' not found: no \(path) on \(shownRef)",
                hints: ["make it with 'git zentoo cpu detect'"])
        }
        let fragment = CPUFragment(
            name: name, blob: entry.id, bytes: try repository.blob(entry.id), ref: shownRef)
        cpuFragments[name] = fragment
        return fragment
    }

    /// Returns a set of the site, `config/portage/sets/<name>`; nil if there is
    /// none.
    func siteSet(_ name: String) throws -> TreeEntry? {
        let links = BranchLinks(tree: tree, repository: repository)
        guard let entry = try links.entry(at: "\(CPUFragment.siteSets)/\(name)"),
            entry.mode.hasContent
        else { return nil }
        return entry
    }
}
