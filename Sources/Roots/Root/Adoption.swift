internal import Builds
internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
internal import Sites
internal import Synchronization
internal import SystemPackage

/// Decides what happens to the packages that a session compiled: those that
/// match what the root's commit demands go to the pool, where a build would
/// have put them; all others, and those for which this cannot be proved, stay
/// the root's own.
final class Adoption: Sendable {
    /// The results collected while the root still exists.
    private struct State {
        var candidates: [String] = []
        /// The reason why none of them can be adopted.
        var refusal: String?
    }

    private let machine: Machine
    private let place: RootPlace
    /// The content of the work tree's etc/portage when the session began.
    private let portageTree: ObjectID
    private let jobs: BuildJobs
    private let flavour: Flavour
    /// The root's own packages when the session began, with their sizes.
    private let before: [String: Int]
    private let isContinued: Bool
    private let state = Mutex(State())

    /// Creates an adoption; must be called before the session begins.
    ///
    /// - Parameters:
    ///   - portageTree: the content of the work tree's etc/portage.
    ///   - isContinued: whether the root contains changes of earlier sessions,
    ///     about which nothing is known.
    /// - Throws: `FileError`.
    init(
        machine: Machine, place: RootPlace, portageTree: ObjectID, jobs: BuildJobs,
        flavour: Flavour, isContinued: Bool
    ) throws {
        self.machine = machine
        self.place = place
        self.portageTree = portageTree
        self.jobs = jobs
        self.flavour = flavour
        self.isContinued = isContinued
        before = try PackageDirectory.sizes(in: place.binpkgs(of: flavour))
    }

    private var pool: FilePath {
        machine.state.pool.appending(flavour.chost).appending(flavour.id)
    }

    private var binpkgs: FilePath { place.binpkgs(of: flavour) }

    /// Marks the time from which changes belong to the session.
    func sessionBegins() throws {
        try FileContent.write([], to: jobs.view.out.appending("stamp"))
    }

    /// Returns the steps that examine the root after the session; none when the
    /// session compiled nothing.
    func steps(changes: FilePath?) async throws -> [Step] {
        let candidates = try await newPackages()
        let (refusal, head) = try candidates.isEmpty ? (nil, nil) : demand()
        state.withLock {
            $0.candidates = candidates
            $0.refusal = refusal
        }
        guard !candidates.isEmpty, refusal == nil, let head, let changes else { return [] }
        return [
            Step(
                name: "adopt", command: jobs.script("adopt.py") + candidates,
                environment: jobs.environment, mounts: mounts(head: head, changes: changes),
                condition: .always)
        ]
    }

    private func mounts(head: FilePath, changes: FilePath) -> [Mount] {
        jobs.view.mounts(depcache: .readWrite, out: .readWrite).map { mount in
            switch mount {
            case .readOnly(_, "/etc/portage"): .readOnly(source: head, target: "/etc/portage")
            default: mount
            }
        } + [
            .readOnly(source: binpkgs, target: "/var/cache/binpkgs"),
            .readOnly(source: pool, target: SessionPackages.poolMountPoint),
            .readOnly(source: place.tree, target: "/run/zentoo/tree"),
            .readOnly(source: changes, target: "/run/zentoo/changes"),
            .readOnly(source: jobs.stage.tree, target: "/run/zentoo/stage"),
        ]
    }

    /// Returns the packages that this session made: neither present before, nor
    /// fetched from the pool.
    private func newPackages() async throws -> [String] {
        let now = try PackageDirectory.sizes(in: binpkgs)
        let new = now.filter { before[$0.key] != $0.value }.keys.sorted()
        let shared = Set(try await sharedPackages(among: new))
        return new.filter { !shared.contains($0) }
    }

    /// Returns the packages that the pool also has, byte for byte.
    private func sharedPackages(among paths: [String]) async throws -> [String] {
        let alike = try paths.filter { path in
            try FileStatus.of(pool.appending(path))?.size
                == FileStatus.of(binpkgs.appending(path))?.size
        }
        guard !alike.isEmpty else { return [] }
        let ours = try await FileDigests().digests(of: alike.map { binpkgs.appending($0) })
        let theirs = try await FileDigests().digests(of: alike.map { pool.appending($0) })
        return zip(alike, zip(ours, theirs)).filter { $0.1.0 == $0.1.1 }.map(\.0)
    }

    /// Compares the session's etc/portage with that of the root's commit: they
    /// may differ in the selection of packages, but in nothing else.
    ///
    /// - Returns: the reason why no package can be adopted, or the commit's
    ///   etc/portage as a directory.
    private func demand() throws -> (refusal: String?, head: FilePath?) {
        if isContinued { return ("it was compiled in a root that was kept", nil) }
        // A package is a function of its flavour, ebuild, USE and dependencies.
        if !jobs.preparation.isEmpty {
            return ("it was compiled in a root in which build hooks had run", nil)
        }
        let repository = try Repository.open(machine.repository)
        let branch = try RootBranch(place.name, in: repository)
        guard let head = try repository.entry(in: branch.tree, RootBase.portagePath)?.id else {
            return ("the commit has no etc/portage", nil)
        }
        if let changed = try repository.diffTrees(head, portageTree).first(where: Self.decides) {
            return ("'/etc/portage/\(changed.path)' is not as it was committed", nil)
        }
        return (nil, try TreeCache(machine.state, repository).path(of: head))
    }

    /// Whether a file affects how packages are compiled, not only which ones.
    private static func decides(_ delta: TreeDelta) -> Bool {
        let first = delta.path.components.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        return !selecting.contains(first)
    }

    /// The same list as in `adopt.py`.
    private static let selecting: Set<String> = [
        "package.accept_keywords", "package.keywords", "package.license", "package.mask",
        "package.properties", "package.unmask", "package.use", "sets",
    ]

    // MARK: After the session

    /// Adopts the accepted packages into the pool and reports the others.
    ///
    /// - Throws: ``ZentooError``, `EngineError`, `FileError`; all packages stay
    ///   the root's own in that case.
    func conclude(report: @escaping @Sendable (BuildEvent) -> Void) async throws -> AdoptionReport {
        let (candidates, refusal) = state.withLock { ($0.candidates, $0.refusal) }
        var result = AdoptionReport()
        var accepted: [String] = []
        if !candidates.isEmpty {
            let verdicts = try verdicts()
            for path in candidates {
                let verdict = refusal ?? verdicts[path] ?? "it could not be examined"
                if verdict == "ok" {
                    accepted.append(path)
                } else {
                    result.kept.append(.init(path: path, reason: verdict))
                }
            }
        }
        if !accepted.isEmpty {
            let (adopted, taken) = try await adopt(accepted, report: report)
            result.adopted = adopted
            result.kept += taken.map {
                .init(path: $0, reason: "the pool, or a record, has another package of this name")
            }
        }
        try await removeShared()
        return result
    }

    private func verdicts() throws -> [String: String] {
        guard let bytes = try JobOutput(directory: jobs.view.out).read("verdicts") else {
            return [:]
        }
        var verdicts: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1)
            if fields.count == 2 { verdicts[String(fields[0])] = String(fields[1]) }
        }
        return verdicts
    }

    /// - Returns: the packages that are in the pool now, and those whose names
    ///   were taken in the meantime.
    private func adopt(
        _ paths: [String], report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> (adopted: [String], taken: [String]) {
        let directory = try await PackageDirectory.lock(flavour, in: machine.state.pool) {
            report(.waiting("a build of flavour \(flavour.path)"))
        }
        let records = try PoolRecords(Repository.open(machine.repository))
        // A path that a record names is not reused either, even if its file is
        // lost.
        let free = try paths.filter { path in
            try PoolPath("\(flavour.path)/\(path)").map {
                try records.whence.entries(of: $0).isEmpty
            } ?? false
        }
        try directory.beginWriting(jobs.id)
        let adopted = try await directory.add(free, from: binpkgs)
        try directory.endWriting()
        return (adopted.sorted(), paths.filter { !adopted.contains($0) })
    }

    /// Removes from the root's own PKGDIR the packages that the pool has: those
    /// fetched from there, and those just adopted.
    private func removeShared() async throws {
        let now = try PackageDirectory.sizes(in: binpkgs)
        let shared = Set(
            try await sharedPackages(among: now.filter { before[$0.key] != $0.value }.keys.sorted())
        )
        try PackageDirectory.remove(shared, from: binpkgs)
    }
}
