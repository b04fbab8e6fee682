/// A build that has ended and whose binary packages are in the pool, hashed and
/// synced to disk: the input of a ``Recorder``.
package struct FinishedBuild: Sendable, Hashable {
    /// The result; its counts are those of ``packages``.
    package let result: BuildResult
    /// The packages of its result, or those that a failed build made, sorted.
    package let packages: [RecordedPackage]

    /// Creates a finished build; sets the counts of `result` from `packages`.
    package init(result: BuildResult, packages: [RecordedPackage]) {
        var result = result
        result.packageCount = packages.count
        result.madeCount = packages.count { $0.disposition == .made }
        result.foundCount = packages.count { $0.disposition == .found }
        self.result = result
        self.packages = packages.sorted { ($0.cpv, $0.buildNumber) < ($1.cpv, $1.buildNumber) }
    }
}
