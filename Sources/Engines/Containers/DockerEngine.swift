internal import Exec
internal import Glibc
public import SystemPackage

/// Runs jobs in containers of one Docker daemon, each in a container of the
/// stage's image, without privileges beyond ``Capabilities``.
///
/// Steps are root of a user namespace in the container, as with ``LocalEngine``
/// run by root; they never have access to the daemon's socket.
public struct DockerEngine: TerminalEngine, Hashable {
    /// `docker`.
    public var name: String { "docker" }
    /// The number of processors in the limits.
    public var processors: Int? { limits.processors }
    /// Companions are supported.
    public var runsCompanions: Bool { true }

    let docker: DockerProgram
    let state: FilePath
    let storage: ContainerStorage
    let limits: ContainerLimits
    /// The network of steps that ask for one; nil for the daemon's default.
    let network: String?
    let privileges: Privileges

    /// Creates an engine; nothing is checked or created yet.
    ///
    /// - Parameters:
    ///   - docker: the program that reaches the daemon.
    ///   - state: the directory for the scratch directories of jobs,
    ///     `<state>/jobs/<id>`.
    ///   - storage: how this machine's directories are found on the daemon's.
    ///   - limits: the resources that a container may use.
    ///   - network: the network of steps that ask for one; nil for the daemon's
    ///     default.
    ///   - privileges: the privileges with which files of stages are read.
    public init(
        docker: DockerProgram, state: FilePath, storage: ContainerStorage,
        limits: ContainerLimits = ContainerLimits(), network: String? = nil,
        privileges: Privileges
    ) {
        self.docker = docker
        self.state = state
        self.storage = storage
        self.limits = limits
        self.network = network
        self.privileges = privileges
    }

    /// Checks that the daemon answers and can serve this user.
    ///
    /// - Throws: ``EngineError`` that names what is missing and how to fix it.
    public func check() async throws {
        let daemon = try await DockerDaemon(docker, setting: "zentoo.docker.context")
        guard daemon.security.contains("rootless") == false || privileges != .root else {
            throw EngineError(
                .unsupported, "the daemon is a plain user's, and files of root's are not its own",
                hints: ["run git zentoo as the same user"])
        }
        try await privileges.check()
    }

    /// Removes containers, networks and scratch directories of jobs whose
    /// controlling process has ended.
    @discardableResult
    public func sweep() async throws -> [String] {
        let said = try await docker.ask(
            [
                "ps", "--all", "--format", "{{.Names}}\t{{.Label \"\(ContainerLabels.job)\"}}",
            ] + ContainerLabels.filter(of: state))
        var removed: [String] = []
        for line in said.split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 2, !JobScratch.isOwned(fields[1], in: state)
            else { continue }
            try await docker.ask(["rm", "--force", "--volumes", fields[0]])
            removed.append("container \(fields[0])")
        }
        removed += try await JobNetwork.sweep(docker, state: state)
        return try await removed + JobScratch.sweep(in: state, of: name, privileges).map(\.string)
    }

    /// Runs the job in one container, which is removed before this returns.
    public func run(
        _ job: Job, onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        try await run(job, then: nil, onEvent: onEvent)
    }

    /// See ``TerminalEngine``; the steps before the terminal step, that step
    /// and the steps after it run in a container each.
    public func enter(
        _ job: Job, then: @escaping @Sendable (FilePath?) async throws -> [Step],
        onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        try await run(job, then: then, onEvent: onEvent)
    }

    private func run(
        _ job: Job, then: (@Sendable (FilePath?) async throws -> [Step])?,
        onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        try state.demandPlain()
        try job.validate()
        try Task.checkCancellation()
        let stage = job.root.stage
        let isOverlay = job.root.isOverlay
        let scratch = try JobScratch.claim(job.id, in: state, stage: isOverlay ? stage : nil)
        do {
            try scratch.assign(to: name)
            let isLayered = isOverlay && (then != nil || job.keepsRoot || scratch.isKept)
            if isLayered, !scratch.isKept { try scratch.makeLayers(over: stage.tree) }
            async let machine = machine(for: stage)
            let image = try await DockerImages(docker: docker, state: state, privileges: privileges)
                .id(of: stage) {
                    onEvent(.notice(.waiting(for: "the image of stage '\(stage.name)'")))
                }
            if let architecture = stage.architecture, let machine = try await machine,
                !architecture.isNative(to: machine)
            {
                onEvent(.notice(.emulated(by: "qemu-\(architecture.machine)")))
            }
            let root: ContainerPlan.Root
            switch job.root {
            case .directory(let directory, _): root = .directory(directory)
            case .overlay: root = isLayered ? .layer(tree: stage.tree) : .image
            }
            let container = DockerContainer(
                engine: self, job: job.id, image: image, root: root, scratch: scratch.path)
            let changes = isLayered ? scratch.path.appending(JobScratch.upper) : nil
            let companions = DockerCompanions(
                docker: docker, steps: job.companions, container: container)
            let results = try await companions.during(onEvent) { onEvent in
                try await run(job.steps, in: container, changes, then, onEvent)
            }
            return Outcome(steps: results, keptRoot: try await scratch.finish(job, by: privileges))
        } catch {
            // The error that ended the job is reported; the next sweep removes
            // what cannot be removed now.
            if !scratch.isKept { try? await privileges.removeTree(scratch.path) }
            throw error
        }
    }

    private func run(
        _ steps: [Step], in container: DockerContainer, _ changes: FilePath?,
        _ then: (@Sendable (FilePath?) async throws -> [Step])?,
        _ onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> [StepResult] {
        guard let then, let session = steps.last else {
            return try await container.run(steps, onEvent: onEvent)
        }
        var results = try await container.run(Array(steps.dropLast()), onEvent: onEvent)
        let isFailed = results.contains { !$0.status.isSuccess }
        guard !isFailed || session.condition == .always else { return results }
        results += try await container.run([session], onTerminal: true, onEvent: onEvent)
        let more = try await then(changes)
        try Job.validate(more)
        let due = more.filter { step in
            step.condition == .always || results.allSatisfy(\.status.isSuccess)
        }
        return try await results + container.run(due, onEvent: onEvent)
    }

    /// Returns the processor type of the daemon's machine, which may differ
    /// from this one's; nil if the stage's architecture is unknown. Whether
    /// that machine has an emulator shows only when a program is started.
    private func machine(for stage: StageImage) async throws -> String? {
        if stage.architecture == nil { return nil }
        return try await docker.ask(["info", "--format", "{{.Architecture}}"])
    }
}
