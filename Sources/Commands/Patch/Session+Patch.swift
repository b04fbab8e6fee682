internal import Roots

extension Session {
    /// Returns the `PatchBench` of this machine.
    ///
    /// - Throws: `ZentooError` if git does not know the committer.
    func patchBench(_ engine: EngineOptions? = nil) async throws -> PatchBench {
        PatchBench(
            machine: try await machine(engine), sites: try sites(), preferred: siteName)
    }
}
