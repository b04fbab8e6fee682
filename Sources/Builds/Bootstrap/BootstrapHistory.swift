internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// What the records say of a stage that is bootstrapped, seen from this
/// machine's pool.
struct BootstrapHistory {
    let repository: Repository
    let series: BuildSeries
    let state: StateDirectory

    /// Whether a stage has to be made.
    enum Standing {
        /// It has to.
        case due
        /// It was made, and its archive is there.
        case upToDate(BuildResult, tag: String?)
        /// It was made and that is recorded, but it has no tag yet: whoever made
        /// it could not sign it.
        case untagged(BuildResult)

        /// The result that is there; nil when it has to be made.
        var result: BuildResult? {
            switch self {
            case .due: nil
            case .upToDate(let result, _), .untagged(let result): result
            }
        }
    }

    /// Compares what a tuple is composed of now with what the newest stage was
    /// made of.
    ///
    /// - Parameter live: what the site says of live ebuilds.
    func standing(of commit: TupleCommit, live: TupleOptions.Live?) throws -> Standing {
        let reader = try ResultReader(repository)
        guard
            let newest = try reader.log(of: series).first(where: { $0.result.status == .success }),
            let archive = newest.result.archive, try isMade(newest.result, of: commit),
            try FileStatus.of(state.archive(of: archive.sha256))?.size == Int(archive.size)
        else { return .due }
        if live != .keep, try reader.packages(of: newest.result).contains(where: \.isLive) {
            return .due
        }
        if newest.tag == nil, try repository.resolve(series.building(newest.result.build)) != nil {
            return .untagged(newest.result)
        }
        return .upToDate(newest.result, tag: newest.tag)
    }

    /// Whether a stage was made of what the commit says, from the stage that the
    /// commit names; or is itself that stage, as once the tuple is built on it.
    /// Build hooks have no part in it.
    private func isMade(_ result: BuildResult, of commit: TupleCommit) throws -> Bool {
        guard result.series.tuple == commit.tuple.text,
            [result.stage, result.archive?.sha256].contains(commit.stage.digest),
            try repository.exists(result.tree)
        else { return false }
        return try inputs(of: result.tree) == inputs(of: commit.tree)
    }

    private func inputs(of tree: ObjectID) throws -> [String: ObjectID] {
        let entries = try repository.tree(tree).map { ($0.text, $0.id) }
        return Dictionary(uniqueKeysWithValues: entries)
            .filter { !["buildhooks", "stage"].contains($0.key) }
    }

    /// Seconds that packages took to compile, by `category/name`: in the newest
    /// bootstrap, and in builds of the tuple.
    func durations(of tuple: Tuple) throws -> [String: Int] {
        var known = try BuildHistory(
            repository: repository, series: BuildSeries(site: series.site, tuple: tuple),
            state: state
        ).durations(of: tuple)
        let reader = try ResultReader(repository)
        for package in try reader.latest(of: series).map({ try reader.packages(of: $0.result) })
            ?? []
        {
            if let seconds = package.durationSeconds { known[package.cpv.package] = seconds }
        }
        return known
    }
}
