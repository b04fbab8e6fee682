internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// The records of a tuple commit, as seen from this machine's pool.
struct BuildHistory {
    let repository: Repository
    let series: BuildSeries
    let state: StateDirectory
    /// The records as read once for queries about many tuples; nil to read the
    /// current ones.
    var reader: ResultReader?

    /// Whether a tuple has to be built.
    enum Standing {
        /// It has to be built.
        case due
        /// It was built, and all its packages are in the pool.
        case upToDate(BuildResult, tag: String?)
        /// The same tree was built for another site, in a root, or for this
        /// series before its newest build, for example because a change was
        /// reverted.
        case builtBefore(BuildResult)
        /// It was built and recorded, but has no tag yet: the build could not
        /// sign it, or is about to.
        case untagged(BuildResult)

        /// The existing result; nil if the tuple has to be built.
        var result: BuildResult? {
            switch self {
            case .due: nil
            case .upToDate(let result, _), .builtBefore(let result), .untagged(let result): result
            }
        }
    }

    /// Compares the commit's tree id with the records, and the recorded paths
    /// with the pool.
    ///
    /// - Parameter live: how the site treats live ebuilds; by default a tuple
    ///   with one is always due.
    func standing(of commit: TupleCommit, live: TupleOptions.Live?) throws -> Standing {
        let reader = try reader ?? ResultReader(repository)
        let lines = try reader.notes.lines(on: commit.tree)
        let order = BuildOrder()
        let results = lines.filter { $0.kind == .result }.compactMap { BuildResult($0) }
            .filter { $0.status == .success }
            .sorted { order.isOlder($0.build, $1.build) }
        guard let newest = results.last else { return .due }
        let original = newest.stampedFrom ?? newest.build
        let packages = lines.filter { $0.build == original }.compactMap { RecordedPackage($0) }
        if live != .keep, packages.contains(where: \.isLive) { return .due }
        for package in packages {
            let path = state.pool.appending(package.path.description)
            guard let status = try FileStatus.of(path), status.kind == .file,
                Int64(status.size) == package.size
            else { return .due }
        }
        guard let latest = try reader.latest(of: series),
            latest.result.tree == commit.tree
        else {
            // Without this check each attempt would record the result again.
            for result in results where result.series == series {
                if try repository.resolve(series.building(result.build)) != nil {
                    return .untagged(result)
                }
            }
            return .builtBefore(newest)
        }
        return .upToDate(latest.result, tag: latest.tag)
    }

    /// Returns whether all packages of a result are in the pool as recorded, by
    /// their digests; ``standing(of:live:)`` compares sizes only.
    func isIntact(_ result: BuildResult) async throws -> Bool {
        let reader = try reader ?? ResultReader(repository)
        return try await PoolProof(repository, state: state)
            .isIntact(reader.packages(of: result))
    }

    /// Returns the seconds that the last successful build of the tuple took for
    /// each package it compiled, by `category/name`.
    func durations(of tuple: Tuple) throws -> [String: Int] {
        let series = BuildSeries(site: series.site, tuple: tuple)
        guard let latest = try series.latest(), let tag = try repository.resolve(latest) else {
            return [:]
        }
        let tree = try repository.peel(tag, to: .tree)
        var found: [String: Int] = [:]
        for line in try RecordNotes(repository).lines(on: tree) {
            if let package = RecordedPackage(line), let seconds = package.durationSeconds {
                found[package.cpv.package] = seconds
            }
        }
        return found
    }
}
