internal import Builds
internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// A root in which something is about to run: its branch, its work tree and the
/// site it belongs to.
struct RootWorkplace {
    private(set) var machine: Machine
    let place: RootPlace
    let repository: Repository
    let worktree: RootWorktree
    let branch: RootBranch
    let site: Site
    let report: @Sendable (BuildEvent) -> Void

    /// - Parameters:
    ///   - sites: the repository's sites.
    ///   - preferredSite: the site to use when several are possible.
    init(
        _ place: RootPlace, on machine: Machine, sites: [ZentooName], preferredSite: ZentooName,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) throws {
        self.machine = machine
        self.place = place
        self.report = report
        repository = try Repository.open(machine.repository)
        worktree = RootWorktree(place: place, repository: repository)
        branch = try RootBranch(place.name, in: repository)
        site = try Site(
            try branch.site(
                among: sites, preferred: preferredSite, remote: machine.remote, in: repository),
            in: repository, remote: machine.remote)
    }

    /// Returns a copy that uses the engine of the root's tuple, ready to run
    /// jobs.
    ///
    /// - Throws: `EngineError` when it cannot run jobs.
    func withEngine() async throws -> RootWorkplace {
        var workplace = self
        workplace.machine = try await machine.working(
            on: site.tuple(named: branch.base.tuple), of: site)
        return workplace
    }

    /// Makes the work tree usable and reports what had to be repaired.
    func prepareTree() throws {
        switch try worktree.ensure() {
        case .none: break
        case .linked:
            report(.warning("root '\(place.name)' had been moved; its work tree is mended"))
        case .checkedOut:
            report(
                .warning(
                    "the work tree of root '\(place.name)' was gone; it is checked out again, "
                        + "without what was not committed"))
        }
        // Portage compiles as another user, who must be able to read patches
        // etc.
        try Directory.makeReadable(place.tree.appending("etc/portage"))
    }

    /// Returns the tuple commit that a build of the current work tree would
    /// use, uncommitted changes included.
    func composed(_ settings: RootSettings) throws -> TupleCommit {
        let head = try TupleCommit(
            reading: branch.head, tuple: site.tuple(named: branch.base.tuple), in: repository)
        let tree = try worktree.snapshot()
        guard let portage = try repository.entry(in: tree, "etc/portage"), portage.mode == .tree
        else {
            throw ZentooError(
                .damaged, "the work tree of root '\(place.name)' has no etc/portage",
                hints: ["git -C '\(place.tree)' checkout HEAD -- etc/portage"])
        }
        let hooks = try repository.entry(in: tree, "buildhooks")
        return TupleCommit(
            tuple: head.tuple, commit: head.commit, tree: tree, portageTree: portage.id,
            buildhooksTree: hooks?.id ?? .emptyTree, stage: settings.stage ?? head.stage,
            repositories: head.repositories, parents: head.parents)
    }

    /// Returns the preparation of the jobs of such a commit.
    func workshop(of commit: TupleCommit) -> BuildWorkshop {
        BuildWorkshop(
            machine: machine, site: site, commit: commit, repository: repository, report: report)
    }
}
