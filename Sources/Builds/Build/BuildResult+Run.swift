internal import Engines
internal import Records
internal import Sites

/// A result as a run of a tuple commit begins with it.
extension BuildResult {
    /// What a run knows of its result before its job has ended.
    ///
    /// - Parameter seconds: how long it has worked.
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
