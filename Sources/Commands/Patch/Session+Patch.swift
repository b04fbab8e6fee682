internal import Roots

extension Session {
    /// Where packages are mended on this machine.
    ///
    /// - Throws: `ZentooError` when git does not know who is committing.
    func patchBench(_ engine: EngineOptions? = nil) async throws -> PatchBench {
        PatchBench(
            machine: try await machine(engine), sites: try sites(), preferred: siteName)
    }
}
