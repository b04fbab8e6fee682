internal import Exec
internal import Glibc
public import SystemPackage

/// Runs jobs as services of a Docker swarm, each on one of many machines that
/// share a file system.
///
/// The inputs and results of a job are in directories that all nodes have
/// (``ContainerStorage``). So is its output, which can then be read while its
/// node is out of the managers' reach. A run whose node is lost is abandoned
/// and started again elsewhere: nothing that it writes later is published (see
/// ``Mount/fenced(source:target:)``).
public struct SwarmEngine: Engine, Hashable {
    /// `swarm`.
    public var name: String { "swarm" }
    /// The number of processors in the limits, which are reserved.
    public var processors: Int? { limits.processors }
    /// Companions are supported, on any nodes.
    public var runsCompanions: Bool { true }

    let docker: DockerProgram
    let state: FilePath
    let storage: ContainerStorage
    let limits: ContainerLimits
    /// The network of jobs whose steps ask for one; nil for the nodes' default.
    let network: String?
    /// `HOST:PORT` of the registry from which nodes fetch stages.
    let registry: String?
    /// The contexts of the nodes' own daemons, by host name.
    let contexts: [String: String]
    /// The secrets and configs of the swarm that jobs can read.
    let secrets: [String]
    let configs: [String]
    let privileges: Privileges

    /// The maximum number of runs of a job whose nodes are lost.
    static let mostAttempts = 3
    /// The maximum time without contact to the managers.
    static let patience = Duration.seconds(60)

    /// Creates an engine; nothing is checked or created yet.
    ///
    /// - Parameters:
    ///   - docker: the program that reaches a manager of the swarm.
    ///   - state: the directory for the scratch directories of jobs,
    ///     `<state>/jobs/<id>`.
    ///   - storage: how nodes find the directories of this machine.
    ///   - limits: the resources that a job reserves and may use.
    ///   - network: the network of jobs whose steps ask for one; nil for the
    ///     nodes' default.
    ///   - registry: `HOST:PORT` of the registry from which nodes fetch stages.
    ///   - contexts: the contexts of the nodes' own daemons, by host name.
    ///   - secrets: the secrets of the swarm that jobs can read.
    ///   - configs: the configs of the swarm that jobs can read.
    ///   - privileges: the privileges with which files of stages are read.
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

    /// Checks that the manager answers and that some node accepts jobs.
    ///
    /// - Throws: ``EngineError`` that names what is missing and how to fix it.
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

    /// Removes services, networks and scratch directories of jobs whose
    /// controlling process has ended.
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

    /// Returns the services of this state directory's jobs, each with its job's
    /// id and the name of the companion, if it is one.
    ///
    /// - Throws: ``EngineError``; `CancellationError`.
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

    /// Runs the job as a service, and as a new one when that is lost.
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
            // The error that ended the job is reported.
            await clear(scratch)
            throw error
        }
    }

    /// Removes the files of a job. The next sweep removes what cannot be
    /// removed now because an unreachable run writes there.
    private func clear(_ scratch: borrowing JobScratch) async {
        do {
            try await ContainerFences.sweep(scratch.path, by: privileges)
            try await privileges.removeTree(scratch.path)
        } catch {}
    }
}
