internal import Engines
internal import Files
package import Git
package import Records
package import Sites
internal import SystemPackage

/// Prepares what the jobs of one tuple commit need on this machine: the stage,
/// the pinned repositories, the exported trees, the flavour.
package struct BuildWorkshop {
    let machine: Machine
    let site: Site
    let commit: TupleCommit
    let repository: Repository
    let report: @Sendable (BuildEvent) -> Void

    /// Creates the preparation of the builds of one commit.
    package init(
        machine: Machine, site: Site, commit: TupleCommit, repository: Repository,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.machine = machine
        self.site = site
        self.commit = commit
        self.repository = repository
        self.report = report
    }
    /// Remarks on the pool, for the log that is created later.
    let remarks = Lines()

    var state: StateDirectory { machine.state }

    /// Returns the jobs of a build, whose view does not have the flavour's
    /// PKGDIR yet.
    package func jobs(of build: BuildID) async throws -> BuildJobs {
        let stage = try await stage()
        let trees = TreeCache(state, repository)
        let out = try state.createOutput(of: build)
        for directory in [out.appending(JobOutput.logs), state.distfiles, state.logs] {
            try Directory.create(directory)
        }
        let scripts = state.cache.appending("scripts")
        try PortageScripts.install(in: scripts, testedPortages: machine.testedPortages)
        let repositories = try await repositories()
        let view = RootView(
            portage: try trees.path(of: commit.portageTree),
            buildhooks: try trees.path(of: commit.buildhooksTree),
            repositories: repositories.map { ($0.location, $0.tree) }, scripts: scripts,
            depcache: try depcache(), out: out, binpkgs: nil, distfiles: state.distfiles)
        return BuildJobs(
            id: build, tuple: commit.tuple, stage: stage, view: view,
            hooks: try Buildhooks(tree: commit.buildhooksTree, in: repository),
            parallelism: machine.engine.processors ?? machine.parallelism)
    }

    /// Returns the stage, which is added from its source if this machine does
    /// not have it; its content must match the lock.
    func stage() async throws -> StageImage {
        let store = StageStore(
            state: state.path, privileges: machine.privileges, environment: machine.downloads,
            largest: machine.largestStage)
        let name = commit.stage.name
        if let tree = store.tree(of: commit.stage.digest) {
            return StageImage(
                name: name.text, digest: commit.stage.digest.description, tree: tree)
        }
        guard let entry = site.stages.first(where: { $0.name == name }) else {
            throw ZentooError(
                .notFound, "stage '\(name)' is not in \(StagesFile.path) of site '\(site.name)'")
        }
        report(.preparing("stage '\(name)'"))
        // A bootstrapped stage is in the pool as long as the pool exists, even
        // if its name refers to another stage by now.
        let archive = state.archive(of: commit.stage.digest)
        let isInPool = try FileStatus.of(archive)?.kind == .file
        _ = try await store.add(
            name: name,
            source: isInPool
                ? .path(archive)
                : try entry.source.located(for: name, commit.stage.digest, on: machine),
            trust: StageTrust(
                key: isInPool ? nil : try site.key(entry.key), locked: commit.stage.digest))
        guard let tree = store.tree(of: commit.stage.digest) else {
            throw ZentooError(.damaged, "stage '\(name)' is not there after it was added")
        }
        return StageImage(
            name: name.text, digest: commit.stage.digest.description, tree: tree)
    }

    private func repositories() async throws -> [(location: String, tree: FilePath)] {
        let store = repositoryStore
        var found: [(location: String, tree: FilePath)] = []
        for composed in commit.repositories {
            guard let entry = site.repositories.first(where: { $0.name == composed.name }) else {
                throw ZentooError(
                    .notFound,
                    "repository '\(composed.name)' is not in \(RepositoriesFile.path) "
                        + "of site '\(site.name)'")
            }
            let pin = RepositoryPin(
                name: composed.name, revision: composed.revision, masters: [])
            if store.tree(of: pin.name, pin.revision) == nil {
                report(.preparing("repository '\(pin.name)'"))
            }
            let tree = try await store.materialize(
                pin, source: machine.sources[pin.name.text].map { .directory($0) } ?? entry.source)
            found.append((composed.location, tree))
        }
        return found
    }

    /// Returns Portage's metadata cache for exactly these revisions:
    /// `emerge -p` takes half a minute on the Gentoo repository without it.
    private func depcache() throws -> FilePath {
        let pins = commit.repositories.map {
            RepositoryPin(name: $0.name, revision: $0.revision, masters: [])
        }
        let path = try repositoryStore.depcache(for: pins)
        try Directory.create(path)
        return path
    }

    private var repositoryStore: RepositoryStore {
        RepositoryStore(
            state: state, privileges: machine.privileges,
            gitEnvironment: machine.git.environment)
    }

    /// Returns the flavour, computed in the stage by the engine that builds,
    /// once for each configuration, stage and set of repositories.
    package func flavour(_ jobs: BuildJobs) async throws -> Flavour {
        let key = try repository.writeBlob(
            Array(
                """
                \(commit.portageTree) \(commit.stage.digest)
                \(commit.repositories.map { "\($0.name) \($0.revision)" }.joined(separator: "\n"))
                """.utf8) + PackageResources.flavour_py)
        let cached = state.cache.appending("flavours").appending(key.description)
        if let bytes = try FileContent.read(cached), let flavour = try? Flavour(reading: bytes) {
            return flavour
        }
        report(.step("flavour"))
        let report = report
        let monitor = BuildMonitor(log: nil) { event in
            // The first job of a stage may have to wait for its image.
            if case .waiting = event { report(event) }
        }
        let outcome = try await machine.engine.run(jobs.flavour, onEvent: monitor.hear)
        guard outcome.failure == nil,
            let bytes = try JobOutput(directory: jobs.view.out).read("flavour")
        else {
            throw ZentooError(
                .unbuildable, "Portage cannot read the configuration of tuple '\(commit.tuple)'",
                hints: monitor.lastLines.suffix(10).map { "Portage: \($0)" })
        }
        let flavour = try Flavour(reading: bytes)
        try Directory.create(state.cache.appending("flavours"))
        try FileContent.write(bytes, to: cached)
        return flavour
    }
}
