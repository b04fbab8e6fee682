internal import Records

extension Harvest.Problem: CustomStringConvertible {
    var description: String { "\(cpv): \(reason)" }

    /// The file that must not stay where it is; nil when there is none.
    var unfit: Quarantine.Unfit? {
        path.map { Quarantine.Unfit(path: $0, reason: reason) }
    }
}

extension Harvest.Result {
    /// Adds what a plan has merged and what has come to no package in the pool:
    /// the record could not make the root again.
    mutating func addMissing(of plan: MergePlan) {
        let present = Set(packages.map { "\($0.cpv)" } + problems.map(\.cpv))
        for entry in plan.entries where !present.contains(entry.cpv) {
            problems.append(
                Harvest.Problem(
                    cpv: entry.cpv,
                    reason: "it was merged, and the pool has no binary package of it"))
        }
    }

    /// The files that must not stay where they are.
    var unfit: [Quarantine.Unfit] {
        let found = problems.compactMap(\.unfit)
        let paths = Set(found.map(\.path))
        return found + intruders.filter { !paths.contains($0.path) }
    }

    /// The failure of a build whose merge succeeded; nil when nothing is wrong. It
    /// is a package's when that fails again.
    func failure(log: String) -> BuildResult.Failure? {
        problems.first(where: \.isMerged).map {
            BuildResult.Failure(
                phase: BuildResult.Failure.harvest, package: $0.isLasting ? $0.cpv : nil,
                log: log)
        }
    }
}
