internal import Engines
internal import Exec
internal import Git
internal import SystemPackage
internal import Zentoo

extension Session {
    /// This machine, as far as it builds: the engine is chosen here.
    ///
    /// - Throws: `ZentooError` for an engine there is not, and when git does
    ///   not know who is committing.
    func machine(engine name: String? = nil) async throws -> Machine {
        let privileges = Privileges.current(launcher: context.executable)
        let name = name ?? settings.engine
        guard name == "local" else {
            throw ZentooError(
                .unsupported, "unknown engine '\(name)'",
                hints: ["the engines are: local; set one with 'git config zentoo.engine NAME'"])
        }
        return Machine(
            repository: repository.gitDirectory, state: settings.state,
            engine: LocalEngine(
                state: settings.state.path, launcher: context.executable, privileges: privileges),
            privileges: privileges, remote: settings.remote(of: siteName),
            identity: try await identity(),
            signer: try signer(),
            git: git, downloads: downloads, sources: settings.sources,
            parallelism: settings.jobs ?? Platform.processorCount)
    }

    /// What signs tags, if they are to be signed.
    func signer() throws -> TagSigner? {
        settings.signs ? try TagSigner(configuration: configuration, git: git) : nil
    }
}
