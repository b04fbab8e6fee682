/// A build that has ended and whose binary packages lie in the pool, hashed
/// and safe on disk: what a ``Recorder`` writes down.
package struct FinishedBuild: Sendable, Hashable {
    /// How it ended; the counts are those of ``packages``.
    package let result: BuildResult
    /// The packages its result consists of, or those a failed build still
    /// made, sorted.
    package let packages: [RecordedPackage]

    /// Puts a record together; the counts of `result` are set from `packages`.
    package init(result: BuildResult, packages: [RecordedPackage]) {
        var result = result
        result.packageCount = packages.count
        result.madeCount = packages.count { $0.disposition == .made }
        result.foundCount = packages.count { $0.disposition == .found }
        self.result = result
        self.packages = packages.sorted { ($0.cpv, $0.buildNumber) < ($1.cpv, $1.buildNumber) }
    }
}
