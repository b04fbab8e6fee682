internal import Files
package import Records
package import Sites
internal import SystemPackage

/// Explains whether packages are compiled or reused in a planned build, from
/// the plan, the records and the pool.
package struct PackageExplainer {
    let reader: ResultReader
    let state: StateDirectory

    /// Creates an explainer based on these records and this machine's pool.
    package init(_ reader: ResultReader, state: StateDirectory) {
        self.reader = reader
        self.state = state
    }

    /// Answers a question from a plan.
    ///
    /// - Parameters:
    ///   - question: a package as a user names it: `sed`, `sys-apps/sed`,
    ///     `sys-apps/sed-4.9`.
    ///   - report: the report of a build that was only planned.
    /// - Throws: ``ZentooError`` if the question names no package;
    ///   ``GitError``, ``FileError``.
    package func answer(
        _ question: String, of series: BuildSeries, plan report: TupleReport
    ) async throws -> PackageAnswer {
        let matches = try Self.matcher(question)
        let latest = try reader.latest(of: series)
        let recorded = try latest.map { try reader.packages(of: $0.result) } ?? []
        let flavour = (report.flavour ?? "").split(separator: "/").map(String.init)
        let flavours = try await flavours()
        var planned: [PackageExplanation] = []
        for entry in report.plan?.entries ?? [] {
            guard flavour.count == 2,
                let package = PlannedPackage(entry, chost: flavour[0], flavour: flavour[1]),
                matches(package.cpv)
            else { continue }
            planned.append(
                try explain(
                    package, number: entry.buildNumber, recorded: recorded,
                    isEdited: report.edited.contains(package.cpv.package), flavours))
        }
        return PackageAnswer(
            question: question, tuple: series.tuple, planned: planned, latest: latest,
            recorded: recorded.filter { matches($0.cpv) })
    }

    /// Answers a question from the last build alone, if no plan can be made.
    ///
    /// - Throws: as ``answer(_:of:plan:)``.
    package func answer(_ question: String, of series: BuildSeries) throws -> PackageAnswer {
        let matches = try Self.matcher(question)
        let latest = try reader.latest(of: series)
        let recorded = try latest.map { try reader.packages(of: $0.result) } ?? []
        return PackageAnswer(
            question: question, tuple: series.tuple, planned: nil, latest: latest,
            recorded: recorded.filter { matches($0.cpv) })
    }

    private static func matcher(_ question: String) throws -> (CPV) -> Bool {
        switch WhenceQuery(question) {
        case .version(let cpv): return { $0 == cpv }
        case .package(let category, let name): return { $0.category == category && $0.name == name }
        case .word(let name): return { $0.name == name }
        case .digest, .path, nil:
            throw ZentooError(
                .invalidName, "'\(question)' is no package",
                hints: ["name it as in 'sys-apps/sed', 'sed' or 'sys-apps/sed-4.9'"])
        }
    }

    private func explain(
        _ package: PlannedPackage, number: Int?, recorded: [RecordedPackage],
        isEdited: Bool, _ flavours: [String: Flavour]
    ) throws -> PackageExplanation {
        let verdict = PackageVerdict(package, recorded: recorded)
        let taken = number.flatMap {
            PoolPath(
                chost: package.chost, flavour: package.flavour, cpv: package.cpv, number: $0)
        }
        return PackageExplanation(
            verdict: verdict, isEdited: isEdited,
            // If several builds wrote this path, the file is of the last.
            origin: try taken.flatMap { taken in
                try reader.whence.origins(of: package.cpv).last { $0.path == taken }
            },
            isMissing: try taken.map {
                try FileStatus.of(state.pool.appending($0.description)) == nil
            } ?? false,
            refused: package.isReused ? [] : try refusals(of: package, flavours))
    }

    /// Returns all binary packages of the name that builds have made, ordered
    /// by the number of differences from the planned package.
    private func refusals(
        of package: PlannedPackage, _ flavours: [String: Flavour]
    ) throws -> [PackageExplanation.Refusal] {
        let versions = try reader.whence.versions(
            of: package.cpv.name, in: package.cpv.category)
        let origins = try versions.flatMap { try reader.whence.origins(of: $0) }
        let builds = try reader.builds(of: origins)
        var refusals: [PoolPath: PackageExplanation.Refusal] = [:]
        for origin in origins.sorted(by: { $0.build < $1.build }) {
            guard let result = builds[origin.build]?.result,
                let recorded = try reader.packages(of: result)
                    .first(where: { $0.sha256 == origin.sha256 })
            else { continue }
            let status = try FileStatus.of(state.pool.appending(origin.path.description))
            // If several builds wrote this path, the file can only be of the
            // last.
            refusals[origin.path] = PackageExplanation.Refusal(
                package: recorded, build: origin.build, series: origin.series,
                isInPool: status.map { Int64($0.size) } == recorded.size,
                causes: PackageVerdict.differences(from: recorded, to: package),
                flavourChanges: Self.changes(
                    from: flavours[origin.path.flavour], to: flavours[package.flavour]))
        }
        return refusals.values.sorted { one, other in
            (one.causes.count, other.build) < (other.causes.count, one.build)
        }
    }

    /// Returns the flavours that are still in the cache, by id.
    private func flavours() async throws -> [String: Flavour] {
        let directory = state.cache.appending("flavours")
        var found: [String: Flavour] = [:]
        for name in try Directory.names(in: directory) {
            guard let bytes = try FileContent.read(directory.appending(name)),
                let flavour = try? Flavour(reading: bytes)
            else { continue }
            found[flavour.id] = flavour
        }
        return found
    }

    private static func changes(from before: Flavour?, to after: Flavour?) -> [FlavourChange] {
        guard let before, let after else { return [] }
        return after.differences(from: before).map {
            FlavourChange(input: $0.input, before: $0.theirs, after: $0.ours)
        }
    }
}
