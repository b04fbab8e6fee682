internal import Files
package import Git
package import Sites
internal import SystemPackage

/// Verifies that files in the pool match the records before they are used.
package struct PoolProof {
    let state: StateDirectory
    private let records: PoolRecords

    /// Opens the records in their current state.
    package init(_ repository: Repository, state: StateDirectory) throws {
        self.state = state
        records = try PoolRecords(repository)
    }

    /// Returns the packages that do not match the records of their paths;
    /// packages without a record are not among them.
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

    /// Returns the packages of a flavour's PKGDIR that do not match the
    /// records.
    package func unfit(in flavour: Flavour) async throws -> [Quarantine.Unfit] {
        let directory = state.packages(of: flavour)
        return try await unfit(
            among: PackageDirectory.sizes(in: directory).keys.sorted()
                .compactMap { PoolPath("\(flavour.path)/\($0)") })
    }

    /// Returns the packages of a flavour whose names do not match their
    /// metadata in the index.
    package func misnamed(in flavour: Flavour) throws -> [Quarantine.Unfit] {
        let directory = state.packages(of: flavour)
        return try (PackageIndex(of: directory)?.misnamed ?? []).compactMap { path, name in
            PoolPath("\(flavour.path)/\(path)").map {
                Quarantine.Unfit(path: $0, reason: "by its own metadata it is '\(name)'")
            }
        }
    }

    /// Returns whether all packages of a record are in the pool as recorded.
    package func isIntact(_ packages: [RecordedPackage]) async throws -> Bool {
        try await areIntact([packages]) == [true]
    }

    /// Returns for each record whether all its packages are in the pool as
    /// recorded.
    package func areIntact(_ records: [[RecordedPackage]]) async throws -> [Bool] {
        let digests = try await digests(of: Array(Set(records.joined().map(\.path))))
        return records.map { packages in
            packages.allSatisfy { digests[$0.path] == $0.sha256 }
        }
    }

    /// Compares a file's digest with the records.
    package func verdict(of digest: SHA256Digest, at path: PoolPath) throws -> PoolRecords.Verdict {
        try records.verdict(of: digest, at: path)
    }

    /// Returns the paths, relative to a flavour's PKGDIR, that records name for
    /// versions.
    package func recordedPaths(of cpvs: [CPV], in flavour: Flavour) throws -> Set<String> {
        var found: Set<String> = []
        for cpv in cpvs {
            for path in try records.paths(of: cpv, in: flavour) {
                found.insert(path.pathInFlavour)
            }
        }
        return found
    }

    /// Returns the digests of packages, recomputed for files that have changed.
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
