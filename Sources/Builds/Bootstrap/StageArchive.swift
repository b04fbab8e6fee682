internal import Engines
internal import Exec
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// Makes a root a stage in the pool: `stages/<sha256>.tar.zst`.
struct StageArchive {
    let build: BuildID
    let machine: Machine

    /// Packs the root, and shows the archive under its digest once it is on disk.
    ///
    /// - Throws: ``ZentooError``, `FileError`; then the pool has no more than it had.
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
        // Where this very stage is there already, it is replaced by itself.
        try Directory.move(beside, to: machine.state.archive(of: digest))
        try Directory.synchronize(folder)
        return BuildResult.Archive(sha256: digest, size: Int64(size))
    }
}
