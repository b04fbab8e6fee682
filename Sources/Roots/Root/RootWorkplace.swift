internal import Builds
internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// A root as something is about to run in it: its branch, its work tree and
/// the site it was taken from.
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
    ///   - preferredSite: the one that is meant when it could be several.
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

    /// The same with the engine of the root's tuple at work, made ready.
    ///
    /// - Throws: `EngineError` when jobs cannot run there.
    func withEngine() async throws -> RootWorkplace {
        var workplace = self
        workplace.machine = try await machine.working(
            on: site.tuple(named: branch.base.tuple), of: site)
        return workplace
    }

    /// Makes the work tree fit to be used, and tells what had to be done.
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
        // Portage compiles as another user, who is to read patches and all.
        try Directory.makeReadable(place.tree.appending("etc/portage"))
    }

    /// What a build of the work tree as it is now would be of, committed or
    /// not.
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

    /// What gets the jobs of such a commit ready.
    func workshop(of commit: TupleCommit) -> BuildWorkshop {
        BuildWorkshop(
            machine: machine, site: site, commit: commit, repository: repository, report: report)
    }
}
