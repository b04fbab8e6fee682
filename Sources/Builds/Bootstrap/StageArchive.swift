internal import Engines
internal import Exec
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// Packs a root as a stage in the pool: `stages/<sha256>.tar.zst`.
struct StageArchive {
    let build: BuildID
    let machine: Machine

    /// Packs the root, and renames the archive to its digest once it is on
    /// disk.
    ///
    /// - Returns: the archive's digest and size.
    /// - Throws: ``ZentooError``, `FileError`; the pool is then unchanged.
    func make(of root: FilePath) async throws -> BuildResult.Archive {
        let folder = machine.state.madeStages
        try Directory.create(folder)
        let beside = folder.appending(".\(build).part")
        try UnfinishedPlaces(build: build, machine: machine).add(beside)
        let packing = TreeArchive(kind: .stage).pack(root, into: beside)
        try await Tool.run(machine.privileges.wrap(packing)).orThrow()
        try await Invocation("sync", ["--", beside.string]).run().orThrow()
        let digest = try await FileDigests().digest(of: beside)
        guard let size = try FileStatus.of(beside)?.size else {
            throw ZentooError(.damaged, "'\(beside)' is gone")
        }
        // If this very stage exists already, it is replaced by identical
        // content.
        try Directory.move(beside, to: machine.state.archive(of: digest))
        try Directory.synchronize(folder)
        return BuildResult.Archive(sha256: digest, size: Int64(size))
    }
}
