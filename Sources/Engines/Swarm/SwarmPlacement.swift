/// Where in a swarm a job may run. A pure function of the nodes.
struct SwarmPlacement: Hashable {
    /// On the nodes that build at all.
    static let builderLabel = "zentoo.builder"
    /// On nodes of one kind of processor, as a site calls it.
    static let cpuLabel = "zentoo.cpu"
    /// On nodes of an architecture, where Docker's own name of it is not the
    /// one that is meant: as Gentoo has it in ARCH.
    static let architectureLabel = "zentoo.arch"
    /// On nodes that emulate an architecture; as Gentoo has it in ARCH.
    static let emulationLabel = "zentoo.emulates"
    /// On nodes that have a stage's image; the beginning of its digest follows.
    static let stageLabel = "zentoo.stage."

    /// What a node must be.
    private(set) var constraints: [SwarmConstraint]
    private var nodes: [SwarmNode]
    private let limits: ContainerLimits
    private let memory: Int?

    /// The constraints of a job.
    ///
    /// - Parameters:
    ///   - cpu: the kind of processor that what is built is for: it is demanded
    ///     where a builder is of it, and any will do where none is.
    ///   - files: bytes that the job may hold in memory as files.
    init(on nodes: [SwarmNode], cpu: String?, limits: ContainerLimits, files: Int) {
        self.nodes = nodes
        self.limits = limits
        memory = limits.memory(with: files)
        constraints = [.label(Self.builderLabel, "true")]
        if let cpu {
            let ofKind = SwarmConstraint.label(Self.cpuLabel, cpu)
            if nodes.contains(where: { constraints[0].fits($0) && ofKind.fits($0) }) {
                constraints.append(ofKind)
            }
        }
    }

    /// Demands nodes that run programs of an architecture, by themselves where
    /// any does.
    ///
    /// - Returns: whether they have to emulate it.
    mutating func demand(_ architecture: Architecture) -> Bool {
        let ways: [SwarmConstraint] = [
            .label(Self.architectureLabel, architecture.keyword),
            SwarmConstraint(subject: .machine, value: architecture.machine),
        ]
        let builders = fitting
        if let native = ways.first(where: { builders.contains(where: $0.fits) }) {
            constraints.append(native)
            return false
        }
        if builders.contains(where: { architecture.isNative(to: $0.machine) }) { return false }
        constraints.append(.label(Self.emulationLabel, architecture.keyword))
        return true
    }

    /// Demands one thing more.
    mutating func demand(_ constraint: SwarmConstraint) {
        constraints.append(constraint)
    }

    /// The same on nodes as they are now.
    func on(_ nodes: [SwarmNode]) -> SwarmPlacement {
        var placement = self
        placement.nodes = nodes
        return placement
    }

    /// The nodes that it may run on, whether they take tasks now or not.
    var fitting: [SwarmNode] {
        nodes.filter { node in constraints.allSatisfy { $0.fits(node) } }
    }

    /// Why it can run on no node, however long one waits; nil when it can.
    var obstacle: EngineError? {
        var left = nodes
        for constraint in constraints {
            let fitting = left.filter(constraint.fits)
            guard fitting.isEmpty else {
                left = fitting
                continue
            }
            let among = left.count == 1 ? "'\(left[0].hostname)'" : "any of \(left.count) nodes"
            return EngineError(
                .unavailable, "no node of the swarm fits: '\(constraint)' is not so of \(among)",
                hints: Self.hints(for: constraint, node: left.first?.hostname ?? "NODE"))
        }
        let usable = left.filter(\.isUsable)
        if usable.isEmpty {
            let states = left.map {
                "'\($0.hostname)' is \($0.state == "ready" ? $0.availability : $0.state)"
            }
            return EngineError(
                .unavailable, "no node that fits takes jobs: \(states.joined(separator: ", "))",
                hints: ["docker node ls"])
        }
        if let processors = limits.processors,
            let most = usable.map(\.processors).max(), most < processors
        {
            return EngineError(
                .unavailable,
                "a job reserves \(processors) processors, and no node that fits has more than "
                    + "\(most)",
                hints: ["git config zentoo.swarm.cpus \(most)"])
        }
        if let memory, let most = usable.map(\.memory).max(), most < memory {
            return EngineError(
                .unavailable,
                "a job reserves \(memory) bytes of memory, and no node that fits has more than "
                    + "\(most)",
                hints: ["git config zentoo.swarm.memory \(most)"])
        }
        return nil
    }

    private static func hints(for constraint: SwarmConstraint, node: String) -> [String] {
        guard case .label(let name) = constraint.subject else { return ["docker node ls"] }
        if name.hasPrefix(stageLabel) {
            return [
                "'git config zentoo.swarm.registry HOST:PORT' has nodes fetch stages from there",
                "'git config zentoo.\(node).context NAME' names a context for the node's own "
                    + "Docker, to load them",
            ]
        }
        return ["docker node update --label-add \(name)=\(constraint.value) \(node)"]
    }
}
