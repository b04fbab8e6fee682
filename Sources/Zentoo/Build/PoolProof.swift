internal import Files
internal import Git
internal import SystemPackage

/// Proves that files in the pool are what records name, before they are used.
struct PoolProof {
    let state: StateDirectory
    private let records: PoolRecords

    /// By the records as they are now.
    init(_ repository: Repository, state: StateDirectory) throws {
        self.state = state
        records = try PoolRecords(repository)
    }

    /// Which packages are not what records name at their paths; one that no
    /// record knows is none of them.
    func unfit(among paths: [PoolPath]) async throws -> [Quarantine.Unfit] {
        let digests = try await digests(of: paths)
        return try paths.compactMap { path in
            guard let digest = digests[path] else {
                guard try FileStatus.of(state.pool.appending(path.description)) != nil else {
                    return nil
                }
                return Quarantine.Unfit(path: path, reason: "it is no regular file")
            }
            return try records.verdict(of: digest, at: path).reason.map {
                Quarantine.Unfit(path: path, reason: $0)
            }
        }
    }

    /// Which packages of a plan are not what records name.
    func unfit(in plan: MergePlan, of flavour: Flavour) async throws -> [Quarantine.Unfit] {
        try await unfit(
            among: plan.entries.compactMap { entry in
                guard entry.source == .reuse, let cpv = CPV(entry.cpv),
                    let number = entry.buildNumber
                else { return nil }
                return PoolPath(
                    chost: flavour.chost, flavour: flavour.id, cpv: cpv, number: number)
            })
    }

    /// Which packages of a flavour's PKGDIR are not what records name.
    func unfit(in flavour: Flavour) async throws -> [Quarantine.Unfit] {
        let directory = state.packages(of: flavour)
        return try await unfit(
            among: PackageDirectory.sizes(in: directory).keys.sorted()
                .compactMap { PoolPath("\(flavour.path)/\($0)") })
    }

    /// Which packages of a flavour have another name than their metadata say, by
    /// the index.
    func misnamed(in flavour: Flavour) throws -> [Quarantine.Unfit] {
        let directory = state.packages(of: flavour)
        return try (PackageIndex(of: directory)?.misnamed ?? []).compactMap { path, name in
            PoolPath("\(flavour.path)/\(path)").map {
                Quarantine.Unfit(path: $0, reason: "by its own metadata it is '\(name)'")
            }
        }
    }

    /// Whether all packages of a record lie in the pool as they were recorded.
    func isIntact(_ packages: [RecordedPackage]) async throws -> Bool {
        try await areIntact([packages]) == [true]
    }

    /// Of each record, whether all its packages lie in the pool as they were
    /// recorded.
    func areIntact(_ records: [[RecordedPackage]]) async throws -> [Bool] {
        let digests = try await digests(of: Array(Set(records.joined().map(\.path))))
        return records.map { packages in
            packages.allSatisfy { digests[$0.path] == $0.sha256 }
        }
    }

    /// What the records say of a file.
    func verdict(of digest: SHA256Digest, at path: PoolPath) throws -> PoolRecords.Verdict {
        try records.verdict(of: digest, at: path)
    }

    /// The paths, below a flavour's PKGDIR, that records name for versions.
    func recordedPaths(of cpvs: [CPV], in flavour: Flavour) throws -> Set<String> {
        var found: Set<String> = []
        for cpv in cpvs {
            for path in try records.paths(of: cpv, in: flavour) {
                found.insert(path.pathInFlavour)
            }
        }
        return found
    }

    /// The digests of packages, taken again where a file has changed since.
    func digests(of paths: [PoolPath]) async throws -> [PoolPath: SHA256Digest] {
        var digests: [PoolPath: SHA256Digest] = [:]
        for (part, paths) in Dictionary(grouping: paths, by: { "\($0.chost)/\($0.flavour)" }) {
            let found = try await DigestCache(state, part: part)
                .digests(of: paths.map(\.description))
            for path in paths { digests[path] = found[path.description] }
        }
        return digests
    }
}
