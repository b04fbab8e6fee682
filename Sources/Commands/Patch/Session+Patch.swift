internal import Zentoo

extension Session {
    /// Where packages are mended on this machine.
    ///
    /// - Throws: `ZentooError` when git does not know who is committing.
    func patchBench() async throws -> PatchBench {
        PatchBench(machine: try await machine(), sites: try sites(), preferred: siteName)
    }
}
