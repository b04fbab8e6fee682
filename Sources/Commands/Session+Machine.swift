internal import Builds
internal import Engines
internal import Exec
internal import Git
internal import Sites
internal import SystemPackage

extension Session {
    /// This machine, as far as it builds.
    ///
    /// - Parameter options: what the command says of engines, if it runs jobs.
    /// - Throws: `ZentooError` for an engine there is not, and when git does
    ///   not know who is committing.
    func machine(_ options: EngineOptions? = nil) async throws -> Machine {
        let engines = try engines(forced: options?.name)
        return Machine(
            repository: repository.gitDirectory, state: settings.state,
            engine: try engines.engine(engines.usual), engines: engines,
            privileges: privileges, remote: settings.remote(of: siteName),
            identity: try await identity(),
            signer: try signer(),
            git: git, downloads: downloads, sources: settings.sources,
            parallelism: parallelism, compilers: settings.compilers,
            keepsCompilations: settings.keepsCompilations, largestStage: settings.largestStage)
    }

    private var parallelism: Int { settings.jobs ?? Platform.processorCount }

    private var privileges: Privileges { .current(launcher: context.executable) }

    /// The engines of this machine: all that there are is made here.
    ///
    /// - Throws: `ZentooError` when `zentoo.engine` names none.
    func engines(forced: EngineName? = nil) throws -> EngineChoice {
        let (state, configuration) = (settings.state, configuration)
        let (launcher, environment) = (context.executable, context.environment)
        let (privileges, parallelism) = (privileges, parallelism)
        return EngineChoice(
            forced: forced, standard: try EngineName(settings.engine, in: "zentoo.engine")
        ) { name in
            switch name {
            case .local:
                return LocalEngine(state: state.path, launcher: launcher, privileges: privileges)
            case .docker:
                let settings = try ContainerSettings(configuration, of: name, state: state)
                return DockerEngine(
                    docker: DockerProgram(context: settings.context, environment: environment),
                    state: state.path, storage: settings.storage, limits: settings.limits,
                    network: settings.network, privileges: privileges)
            case .swarm:
                let settings = try ContainerSettings(configuration, of: name, state: state)
                var limits = settings.limits
                // Reservations are what makes jobs wait for one another.
                limits.processors = limits.processors ?? parallelism
                return SwarmEngine(
                    docker: DockerProgram(context: settings.context, environment: environment),
                    state: state.path, storage: settings.storage, limits: limits,
                    network: settings.network, registry: settings.registry,
                    contexts: settings.nodeContexts, secrets: settings.secrets,
                    configs: settings.configs, privileges: privileges)
            }
        }
    }

    /// What signs tags, if they are to be signed.
    func signer() throws -> TagSigner? {
        settings.signs ? try TagSigner(configuration: configuration, git: git) : nil
    }
}
