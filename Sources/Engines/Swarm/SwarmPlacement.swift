/// The constraints on where in a swarm a job may run. A pure function of the
/// nodes.
struct SwarmPlacement: Hashable {
    /// The label of nodes that accept jobs.
    static let builderLabel = "zentoo.builder"
    /// The label of nodes with one kind of processor, as a site names it.
    static let cpuLabel = "zentoo.cpu"
    /// The label of nodes whose architecture Docker's own name does not
    /// identify; its value is Gentoo's ARCH.
    static let architectureLabel = "zentoo.arch"
    /// The label of nodes that emulate an architecture; its value is Gentoo's
    /// ARCH.
    static let emulationLabel = "zentoo.emulates"
    /// The prefix of the label of nodes that have a stage's image; the
    /// beginning of its digest follows.
    static let stageLabel = "zentoo.stage."

    /// The constraints on the nodes.
    private(set) var constraints: [SwarmConstraint]
    private var nodes: [SwarmNode]
    private let limits: ContainerLimits
    private let memory: Int?

    /// Creates the constraints of a job.
    ///
    /// - Parameters:
    ///   - nodes: the nodes of the swarm.
    ///   - cpu: the kind of processor that the job builds for: required if a
    ///     builder has it, otherwise any builder is accepted.
    ///   - limits: the resources that the job reserves.
    ///   - files: the maximum number of bytes in the job's memory file systems.
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

    /// Requires nodes that run programs of an architecture, natively if there
    /// is such a node.
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

    /// Adds a constraint.
    mutating func demand(_ constraint: SwarmConstraint) {
        constraints.append(constraint)
    }

    /// Returns the same constraints with the current state of the nodes.
    func on(_ nodes: [SwarmNode]) -> SwarmPlacement {
        var placement = self
        placement.nodes = nodes
        return placement
    }

    /// The nodes that satisfy the constraints, whether they accept tasks now or
    /// not.
    var fitting: [SwarmNode] {
        nodes.filter { node in constraints.allSatisfy { $0.fits(node) } }
    }

    /// The reason why no node can ever run the job; nil if one can.
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
