internal import Engines
internal import Records

/// How the jobs of a build have ended so far.
struct BuildEnd {
    /// The monitor of the last job.
    var monitor: BuildMonitor
    /// The outcome of the last job.
    var outcome = Outcome(steps: [])
    /// The packages that were made.
    var harvested = Harvest.Result()
    /// What Portage's sandbox could not confine.
    var unsandboxed: [String] = []
    /// What other machines compiled; nil if none did.
    var distribution: BuildResult.Distribution?
    /// How the packages were merged into the assembled root.
    var merge: MergeSummary?
}
