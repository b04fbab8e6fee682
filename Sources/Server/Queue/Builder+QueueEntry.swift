package import Builds
internal import Git
internal import Records
internal import Sites

extension Builder {
    /// Builds what a queue's entry says, whatever the branches have become
    /// since.
    ///
    /// - Parameter mayRecord: asked when everything is built, before it is
    ///   recorded: whether the entry is still this builder's.
    /// - Throws: as ``build(_:options:report:)``; ``ZentooError`` of code
    ///   `busy` when it is not.
    package func build(
        _ entry: QueueEntry, mayRecord: @escaping @Sendable () throws -> Bool,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> TupleReport {
        let finder = BranchFinder(
            repository: try Repository.open(machine.repository), remote: nil,
            replacing: entry.heads)
        let site = try Site(site, finder, state: machine.state)
        let commit = try TupleComposer(site).compose(site.tuple(named: entry.tuple))
        if commit.commit != entry.commit {
            report(.warning("composed by this version of git-zentoo, '\(entry.tuple)' is another"))
        }
        return try await build(
            commit, of: BuildSeries(site: site.name, tuple: commit.tuple), site,
            BuildOptions(), report, mayRecord: mayRecord)
    }
}
