internal import Git

extension Recorder {
    /// The outcome of ``repair()``.
    package struct Repairs: Sendable, Hashable, Codable {
        /// Successes that had lost their tags and were tagged again.
        package var tagged: [RecordedBuild] = []
        /// The "latest" references that were corrected, sorted.
        package var latest: [String] = []
        /// Successes that cannot be tagged because their commits no longer
        /// exist.
        package var lost: [BuildID] = []
    }

    /// Rebuilds all derived data: the index from the notes, tags from the
    /// `result` lines, "latest" from the tags.
    ///
    /// - Throws: ``ZentooError`` or ``GitError``.
    package func repair() async throws -> Repairs {
        try Whence.rebuild(repository)
        let whence = try Whence(repository)
        var results = try whence.results(beginningWith: "").filter { $0.status == .success }
        var repairs = Repairs()
        var series: [BuildSeries] = []
        while let first = results.first {
            let split = results.partition { $0.series.tagPrefix == first.series.tagPrefix }
            let own = results[split...].sorted { $0.build < $1.build }
            results.removeSubrange(split...)
            series.append(first.series)
            try await tag(own, of: first.series, &repairs)
        }
        let reader = try ResultReader(repository)
        for series in series.sorted() {
            guard let name = try series.latest(),
                let newest = try reader.latest(of: series)?.tag.flatMap({
                    try repository.resolve(.tag($0))
                }), try repository.resolve(name) != newest
            else { continue }
            try repository.set(name, to: newest, expecting: .anything, message: "zentoo: repair")
            repairs.latest.append("\(name)")
        }
        return repairs
    }

    /// Tags the successes of a series that have no tag, oldest first.
    private func tag(
        _ results: [BuildResult], of series: BuildSeries, _ repairs: inout Repairs
    ) async throws {
        let tagged = Set(
            try BuildTag.tags(of: series, in: repository).compactMap { try $0.get().build })
        for result in results where !tagged.contains(result.build) {
            let building = try series.building(result.build)
            guard try repository.kind(of: result.commit) == .commit else {
                repairs.lost.append(result.build)
                continue
            }
            if try repository.resolve(building) == nil {
                try begin(result.build, of: series, commit: result.commit)
            }
            repairs.tagged.append(try await settle(result, isResumed: true))
        }
    }
}
