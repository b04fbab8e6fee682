internal import Engines
internal import Exec
internal import Files
internal import Git
package import Records
package import Sites
package import SystemPackage

/// Assembles a root from a record: its stage, its hooks, and its binary
/// packages alone.
package struct Assembler: Sendable {
    let machine: Machine
    let site: ZentooName

    /// Creates an assembler of the records of `site` on `machine`.
    package init(machine: Machine, site: ZentooName) {
        self.machine = machine
        self.site = site
    }

    /// Assembles the root of a build at `directory`, which must not exist or
    /// must be an empty directory: made beside it, and renamed when everything
    /// succeeded.
    ///
    /// - Parameter text: a tuple, `TUPLE@N`, a tag or a build id.
    /// - Throws: ``ZentooError`` if the root cannot be made from the record or
    ///   its packages; `directory` is then unchanged.
    package func assemble(
        _ text: String, to directory: FilePath, report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> AssemblyReport {
        if let status = try FileStatus.of(directory) {
            let isEmpty = try status.kind == .directory && Directory.names(in: directory).isEmpty
            guard isEmpty else {
                throw ZentooError(
                    .exists, "'\(directory)' already exists and is not an empty directory",
                    hints: ["name a directory that is not there yet"])
            }
        }
        let repository = try Repository.open(machine.repository)
        let reader = try ResultReader(repository)
        let entry = try reader.build(text, site: site)
        guard entry.result.status == .success else {
            throw ZentooError(
                .failed, "build '\(entry.result.build)' did not succeed",
                hints: ["'git zentoo log \(entry.result.series.tuple)' lists the builds"])
        }
        if let stage = entry.result.series.stage, let archive = entry.result.archive {
            throw ZentooError(
                .unsupported, "'\(text)' made stage '\(stage)', and is no build to assemble",
                hints: ["unpack it: tar -xpf '\(machine.state.archive(of: archive.sha256))'"])
        }
        let packages = try reader.packages(of: entry.result)
        let recorded = try RecordedSite(
            of: entry.result, in: repository, remote: machine.remote, state: machine.state)
        let commit = recorded.commit
        let run = AssemblyRun(
            machine: try await machine.working(on: commit.tuple, of: recorded.site),
            site: recorded.site, repository: repository, commit: commit, packages: packages,
            report: report)
        let result = try await run.perform(at: directory)
        return AssemblyReport(
            build: entry.result.build, tuple: entry.result.series.tuple, tag: entry.tag,
            directory: directory.string, packages: result.merged, recorded: packages.count,
            merge: result.merge, durationSeconds: result.seconds)
    }
}

/// An assembled root.
package struct AssemblyReport: Sendable, Hashable, Codable {
    /// The build it was assembled from.
    package var build: BuildID
    /// The tuple.
    package var tuple: String
    /// The build's tag, without `refs/tags/`.
    package var tag: String?
    /// The path of the root.
    package var directory: String
    /// The number of binary packages merged: those that the set needs at run
    /// time, without those that were only needed to compile it.
    package var packages: Int
    /// The number of binary packages in the record.
    package var recorded: Int
    /// How the packages were merged.
    package var merge: MergeSummary?
    /// The duration in seconds.
    package var durationSeconds: Int
}
