internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// What the records say of a tuple commit, seen from this machine's pool.
struct BuildHistory {
    let repository: Repository
    let series: BuildSeries
    let state: StateDirectory
    /// The records as they were when many tuples began to be asked about; as
    /// they are now when nil.
    var reader: ResultReader?

    /// Whether a tuple has to be built.
    enum Standing {
        /// It has to.
        case due
        /// It was built, and everything it made is there.
        case upToDate(BuildResult, tag: String?)
        /// The same tree was built for another site, in a root, or for this
        /// series before its newest build, as when a change was taken back.
        case builtBefore(BuildResult)
        /// It was built and that is recorded, but it has no tag yet: whoever
        /// built it could not sign it, or is just about to.
        case untagged(BuildResult)

        /// The result that is there; nil when it has to be built.
        var result: BuildResult? {
            switch self {
            case .due: nil
            case .upToDate(let result, _), .builtBefore(let result), .untagged(let result): result
            }
        }
    }

    /// Compares a tree id with the records and the recorded paths with the
    /// pool.
    ///
    /// - Parameter live: what the site says of live ebuilds; by default a
    ///   tuple with one is always due.
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
            // Without a look for these, each try would record it once more.
            for result in results where result.series == series {
                if try repository.resolve(series.building(result.build)) != nil {
                    return .untagged(result)
                }
            }
            return .builtBefore(newest)
        }
        return .upToDate(latest.result, tag: latest.tag)
    }

    /// Whether all packages of a result lie in the pool as they were recorded: by
    /// their digests, where ``standing(of:live:)`` looks at sizes.
    func isIntact(_ result: BuildResult) async throws -> Bool {
        let reader = try reader ?? ResultReader(repository)
        return try await PoolProof(repository, state: state)
            .isIntact(reader.packages(of: result))
    }

    /// How long, in seconds, the last successful build of the tuple took for
    /// each package it compiled.
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
