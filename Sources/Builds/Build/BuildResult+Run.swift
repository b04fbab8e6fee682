internal import Engines
internal import Records
internal import Sites

/// The initial result of a run of a tuple commit.
extension BuildResult {
    /// Creates a result from what is known before the job has ended.
    ///
    /// - Parameter seconds: the time that the run has worked.
    init(
        of build: BuildID, _ status: Status, series: BuildSeries, _ commit: TupleCommit,
        _ flavour: Flavour, on machine: Machine, seconds: Int = 0
    ) {
        self.init(
            build: build, status: status, series: series, commit: commit.commit,
            tree: commit.tree, flavour: flavour.id, chost: flavour.chost,
            stage: commit.stage.digest, engine: machine.engine.name, duration: seconds,
            tagger: machine.identity.at(.now))
    }
}
