internal import Exec
internal import Glibc
public import SystemPackage

/// Runs jobs as services of a Docker swarm, each on one of many machines that
/// share a file system.
///
/// What a job needs and makes lies in directories that all nodes have
/// (``ContainerStorage``); what it says too, since that is how it is heard when
/// its node is out of the managers' sight. A run whose node is lost is given up
/// and begun again elsewhere: nothing of what it goes on to write arrives (see
/// ``Mount/fenced(source:target:)``).
public struct SwarmEngine: Engine, Hashable {
    /// `swarm`.
    public var name: String { "swarm" }
    /// As the limits say, which are reserved.
    public var processors: Int? { limits.processors }
    /// They are, on any nodes.
    public var runsCompanions: Bool { true }

    let docker: DockerProgram
    let state: FilePath
    let storage: ContainerStorage
    let limits: ContainerLimits
    /// The network that jobs are attached to which reach one; the nodes' own
    /// when absent.
    let network: String?
    /// `HOST:PORT` of the registry that nodes fetch stages from.
    let registry: String?
    /// By a node's host name, the context of its own daemon.
    let contexts: [String: String]
    /// The swarm's secrets and configs that jobs see.
    let secrets: [String]
    let configs: [String]
    let privileges: Privileges

    /// How often a job is begun whose node is lost.
    static let mostAttempts = 3
    /// How long the managers may be out of reach.
    static let patience = Duration.seconds(60)

    /// An engine; nothing is checked or made yet.
    ///
    /// - Parameters:
    ///   - docker: a manager of the swarm.
    ///   - state: where jobs have their scratch directories, `<state>/jobs/<id>`.
    ///   - storage: how nodes have our directories.
    ///   - limits: what a job reserves, and may use.
    public init(
        docker: DockerProgram, state: FilePath, storage: ContainerStorage,
        limits: ContainerLimits = ContainerLimits(), network: String? = nil,
        registry: String? = nil, contexts: [String: String] = [:], secrets: [String] = [],
        configs: [String] = [], privileges: Privileges
    ) {
        self.docker = docker
        self.state = state
        self.storage = storage
        self.limits = limits
        self.network = network
        self.registry = registry
        self.contexts = contexts
        self.secrets = secrets
        self.configs = configs
        self.privileges = privileges
    }

    /// Asks the manager, and whether any node builds.
    ///
    /// - Throws: ``EngineError`` that names what is missing and how to mend it.
    public func check() async throws {
        let daemon = try await DockerDaemon(docker, setting: "zentoo.swarm.context")
        guard daemon.swarm == "active", daemon.isManager else {
            throw EngineError(
                .unavailable, "the Docker daemon manages no swarm",
                hints: [
                    docker.invocation(["swarm", "init"]).commandLine,
                    "'git config zentoo.swarm.context NAME' names a manager",
                ])
        }
        try await privileges.check()
        let placement = SwarmPlacement(
            on: try await SwarmNode.all(docker), cpu: nil, limits: limits, files: 0)
        if let obstacle = placement.obstacle { throw obstacle }
    }

    /// Removes services, and scratch directories, of jobs that nobody controls
    /// any more.
    @discardableResult
    public func sweep() async throws -> [String] {
        var removed: [String] = []
        for (service, job, _) in try await services()
        where !JobScratch.isOwned(job, in: state) {
            try await SwarmService.remove(service, docker)
            removed.append("service \(service)")
        }
        removed += try await JobNetwork.sweep(docker, state: state)
        return try await removed + JobScratch.sweep(in: state, of: name, privileges).map(\.string)
    }

    /// The services of this state directory's jobs, whose each is, and which
    /// companion, if it is one.
    func services() async throws -> [(name: String, job: String, companion: String?)] {
        let ids = try await docker.ask(
            ["service", "ls", "--quiet"] + ContainerLabels.filter(of: state)
        ).split(separator: "\n").map(String.init)
        if ids.isEmpty { return [] }
        let said = try await docker.ask(
            [
                "service", "inspect", "--format",
                "{{.Spec.Name}}\t{{index .Spec.Labels \"\(ContainerLabels.job)\"}}"
                    + "\t{{index .Spec.Labels \"\(ContainerLabels.companion)\"}}",
            ] + ids)
        return said.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count >= 2 else { return nil }
            return (fields[0], fields[1], fields.count > 2 ? fields[2] : nil)
        }
    }

    /// Runs the job as a service, and as another one when the first is lost.
    public func run(
        _ job: Job, onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        try state.demandPlain()
        try job.validate()
        try Task.checkCancellation()
        let scratch = try JobScratch.claim(job.id, in: state, stage: nil)
        do {
            try scratch.assign(to: name)
            guard !job.keepsRoot || !job.root.isOverlay else {
                throw EngineError(
                    .unsupported, "the swarm keeps no roots",
                    hints: ["name an engine of one machine: --engine local, --engine docker"])
            }
            let results = try await SwarmJob(engine: self, job: job, scratch: scratch.path)
                .run(onEvent)
            await clear(scratch)
            guard job.keepsRoot, case .directory(let directory, _) = job.root else {
                return Outcome(steps: results)
            }
            return Outcome(steps: results, keptRoot: directory)
        } catch {
            // The error that ended the job is the one to tell.
            await clear(scratch)
            throw error
        }
    }

    /// Removes what a job has made on its way. What cannot be removed now,
    /// since a run that is out of sight writes there, the next sweep removes.
    private func clear(_ scratch: borrowing JobScratch) async {
        do {
            try await ContainerFences.sweep(scratch.path, by: privileges)
            try await privileges.removeTree(scratch.path)
        } catch {}
    }
}
