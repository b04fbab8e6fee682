internal import Files
package import Git
package import Sites
internal import SystemPackage

/// Proves that files in the pool are what records name, before they are used.
package struct PoolProof {
    let state: StateDirectory
    private let records: PoolRecords

    /// By the records as they are now.
    package init(_ repository: Repository, state: StateDirectory) throws {
        self.state = state
        records = try PoolRecords(repository)
    }

    /// Which packages are not what records name at their paths; one that no
    /// record knows is none of them.
    package func unfit(among paths: [PoolPath]) async throws -> [Quarantine.Unfit] {
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

    /// Which packages of a flavour's PKGDIR are not what records name.
    package func unfit(in flavour: Flavour) async throws -> [Quarantine.Unfit] {
        let directory = state.packages(of: flavour)
        return try await unfit(
            among: PackageDirectory.sizes(in: directory).keys.sorted()
                .compactMap { PoolPath("\(flavour.path)/\($0)") })
    }

    /// Which packages of a flavour have another name than their metadata say, by
    /// the index.
    package func misnamed(in flavour: Flavour) throws -> [Quarantine.Unfit] {
        let directory = state.packages(of: flavour)
        return try (PackageIndex(of: directory)?.misnamed ?? []).compactMap { path, name in
            PoolPath("\(flavour.path)/\(path)").map {
                Quarantine.Unfit(path: $0, reason: "by its own metadata it is '\(name)'")
            }
        }
    }

    /// Whether all packages of a record lie in the pool as they were recorded.
    package func isIntact(_ packages: [RecordedPackage]) async throws -> Bool {
        try await areIntact([packages]) == [true]
    }

    /// Of each record, whether all its packages lie in the pool as they were
    /// recorded.
    package func areIntact(_ records: [[RecordedPackage]]) async throws -> [Bool] {
        let digests = try await digests(of: Array(Set(records.joined().map(\.path))))
        return records.map { packages in
            packages.allSatisfy { digests[$0.path] == $0.sha256 }
        }
    }

    /// What the records say of a file.
    package func verdict(of digest: SHA256Digest, at path: PoolPath) throws -> PoolRecords.Verdict {
        try records.verdict(of: digest, at: path)
    }

    /// The paths, below a flavour's PKGDIR, that records name for versions.
    package func recordedPaths(of cpvs: [CPV], in flavour: Flavour) throws -> Set<String> {
        var found: Set<String> = []
        for cpv in cpvs {
            for path in try records.paths(of: cpv, in: flavour) {
                found.insert(path.pathInFlavour)
            }
        }
        return found
    }

    /// The digests of packages, taken again where a file has changed since.
    package func digests(of paths: [PoolPath]) async throws -> [PoolPath: SHA256Digest] {
        var digests: [PoolPath: SHA256Digest] = [:]
        for (part, paths) in Dictionary(grouping: paths, by: { "\($0.chost)/\($0.flavour)" }) {
            let found = try await DigestCache(state, part: part)
                .digests(of: paths.map(\.description))
            for path in paths { digests[path] = found[path.description] }
        }
        return digests
    }
}
