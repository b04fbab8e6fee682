internal import Engines
internal import Exec
internal import SystemPackage

extension StageImage {
    /// Copies the stage's tree into an existing directory, with owners and modes.
    ///
    /// - Throws: `ExecError`.
    func copy(into directory: FilePath, by privileges: Privileges) async throws {
        try await privileges.wrap(
            Invocation(
                "cp",
                ["--archive", "--reflink=auto", "--", tree.string + "/.", directory.string])
        ).run().orThrow()
    }
}
