internal import Exec
internal import Glibc
public import SystemPackage

/// Runs jobs in containers of one Docker daemon, each in one container made of
/// the stage's image, without privileges beyond ``Capabilities``.
///
/// Steps are root of a user namespace in the container, as with ``LocalEngine``
/// run by root; the daemon's socket is never theirs.
public struct DockerEngine: TerminalEngine, Hashable {
    /// `docker`.
    public var name: String { "docker" }
    /// As the limits say.
    public var processors: Int? { limits.processors }
    /// They are.
    public var runsCompanions: Bool { true }

    let docker: DockerProgram
    let state: FilePath
    let storage: ContainerStorage
    let limits: ContainerLimits
    /// The network that steps reach which ask for one; the daemon's own when
    /// absent.
    let network: String?
    let privileges: Privileges

    /// An engine; nothing is checked or made yet.
    ///
    /// - Parameters:
    ///   - state: where jobs have their scratch directories, `<state>/jobs/<id>`.
    ///   - storage: how the daemon's machine has our directories.
    ///   - privileges: as whom files of stages are read.
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

    /// Asks the daemon, and whether this is a user whom it can serve.
    ///
    /// - Throws: ``EngineError`` that names what is missing and how to mend it.
    public func check() async throws {
        let daemon = try await DockerDaemon(docker, setting: "zentoo.docker.context")
        guard daemon.security.contains("rootless") == false || privileges != .root else {
            throw EngineError(
                .unsupported, "the daemon is a plain user's, and files of root's are not its own",
                hints: ["run git zentoo as the same user"])
        }
        try await privileges.check()
    }

    /// Removes containers, and scratch directories, of jobs that nobody
    /// controls any more.
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

    /// Runs the job in one container, which is gone when this returns.
    public func run(
        _ job: Job, onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        try await run(job, then: nil, onEvent: onEvent)
    }

    /// See ``TerminalEngine``; there is a container for the steps before the
    /// terminal's, one for that, and one for those after it.
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
            // The error that ended the job is the one to tell; what cannot be
            // removed now is removed by the next sweep.
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

    /// What kind of processor the daemon's machine has, which may be another one
    /// than this; nil for a stage that does not tell its own. What that machine
    /// has registered to emulate others is found out when it is needed.
    private func machine(for stage: StageImage) async throws -> String? {
        if stage.architecture == nil { return nil }
        return try await docker.ask(["info", "--format", "{{.Architecture}}"])
    }
}
