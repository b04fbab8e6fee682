internal import Builds
internal import Engines
internal import Exec
internal import Git
internal import Sites
internal import SystemPackage

extension Session {
    /// Returns this machine with everything that builds need.
    ///
    /// - Parameter options: the command's engine options, if it runs jobs.
    /// - Throws: `ZentooError` for an engine that does not exist, and if git
    ///   does not know the committer.
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
            keepsCompilations: settings.keepsCompilations, largestStage: settings.largestStage,
            testedPortages: settings.testedPortages)
    }

    private var parallelism: Int { settings.jobs ?? Platform.processorCount }

    private var privileges: Privileges { .current(launcher: context.executable) }

    /// Returns the engines of this machine. All engines are created here.
    ///
    /// - Throws: `ZentooError` if `zentoo.engine` is not the name of an engine.
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
                // Only reservations make jobs wait for each other.
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

    /// Returns the signer of tags; nil if tags are not to be signed.
    func signer() throws -> TagSigner? {
        settings.signs ? try TagSigner(configuration: configuration, git: git) : nil
    }
}
