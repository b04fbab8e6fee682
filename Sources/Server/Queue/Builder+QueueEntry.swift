package import Builds
internal import Git
internal import Records
internal import Sites

extension Builder {
    /// Builds a queue entry, regardless of later changes to the branches.
    ///
    /// - Parameter mayRecord: called after everything is built and before it is
    ///   recorded; returns whether the entry still belongs to this builder.
    /// - Throws: as ``build(_:options:report:)``; ``ZentooError`` of code
    ///   `busy` when it does not.
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
