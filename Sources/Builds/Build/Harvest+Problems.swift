internal import Records

extension Harvest.Problem: CustomStringConvertible {
    var description: String { "\(cpv): \(reason)" }

    /// The file to quarantine; nil if there is none.
    var unfit: Quarantine.Unfit? {
        path.map { Quarantine.Unfit(path: $0, reason: reason) }
    }
}

extension Harvest.Result {
    /// Adds the packages that a plan has merged and that have no binary package
    /// in the pool: the root could not be made from the record again.
    mutating func addMissing(of plan: MergePlan) {
        let present = Set(packages.map { "\($0.cpv)" } + problems.map(\.cpv))
        for entry in plan.entries where !present.contains(entry.cpv) {
            problems.append(
                Harvest.Problem(
                    cpv: entry.cpv,
                    reason: "it was merged, and the pool has no binary package of it"))
        }
    }

    /// The files in the pool to quarantine.
    var unfit: [Quarantine.Unfit] { problems.compactMap(\.unfit) }

    /// Adds the result of another harvest of the same build.
    mutating func add(_ other: Harvest.Result) {
        packages += other.packages
        problems += other.problems
        intruders += other.intruders
    }

    /// Returns the failure of a build whose merge succeeded; nil if there is no
    /// problem. It names the package if that would fail again.
    func failure(log: String) -> BuildResult.Failure? {
        problems.first(where: \.isMerged).map {
            BuildResult.Failure(
                phase: BuildResult.Failure.harvest, package: $0.isLasting ? $0.cpv : nil,
                log: log)
        }
    }
}
