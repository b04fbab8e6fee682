internal import Exec
internal import SystemPackage

/// Provides stages to the nodes of a swarm: through a registry from which they
/// fetch them, or by loading them into each node's own daemon.
struct SwarmImages: Sendable {
    let engine: SwarmEngine

    private var docker: DockerProgram { engine.docker }

    /// Returns the name of a stage's node label, in the characters that Docker
    /// allows.
    static func label(of digest: String) -> String {
        SwarmPlacement.stageLabel + digest.prefix(12)
    }

    /// Makes the stage's image available to nodes.
    ///
    /// - Parameters:
    ///   - stage: the stage.
    ///   - nodes: the nodes that may run the job.
    ///   - isCertain: whether to ignore labels and digests that claim that the
    ///     image is there already.
    ///   - onMake: called before the image is created.
    /// - Returns: the image's name on the nodes, and the constraint that a node
    ///   with the image satisfies.
    /// - Throws: ``EngineError``; `CancellationError`.
    func provide(
        _ stage: StageImage, to nodes: [SwarmNode], isCertain: Bool = false,
        onMake: () -> Void
    ) async throws -> (name: String, constraint: SwarmConstraint?) {
        let images = DockerImages(
            docker: docker, state: engine.state, privileges: engine.privileges)
        let id = try await images.id(of: stage, onMake: onMake)
        if let registry = engine.registry {
            return (try await push(id, of: stage, to: registry, isCertain: isCertain), nil)
        }
        let label = Self.label(of: stage.digest)
        let own = try await docker.ask(["info", "--format", "{{.Swarm.NodeID}}"])
        for node in nodes where node.isUsable && (isCertain || node.labels[label] != "true") {
            if node.id != own {
                guard let context = engine.contexts[node.hostname] else { continue }
                try await load(id, of: stage, into: docker.at(context))
            }
            try await docker.ask(["node", "update", "--label-add", "\(label)=true", node.id])
        }
        return (id, .label(label, "true"))
    }

    private func push(
        _ id: String, of stage: StageImage, to registry: String, isCertain: Bool
    ) async throws -> String {
        let repository = "\(registry)/zentoo/stage"
        if !isCertain, let known = try await reference(to: id, in: repository) { return known }
        let tag = "\(repository):\(stage.digest.prefix(12))"
        try await docker.ask(["tag", id, tag])
        try await docker.ask(["push", "--quiet", tag])
        guard let made = try await reference(to: id, in: repository) else {
            throw EngineError(.setup, "registry '\(registry)' gave no digest of '\(tag)'")
        }
        return made
    }

    /// Returns the reference of the image with the digest from the registry;
    /// nil if it has none.
    private func reference(to id: String, in repository: String) async throws -> String? {
        try await docker.ask([
            "image", "inspect", "--format", "{{range .RepoDigests}}{{.}}\n{{end}}", id,
        ]).split(separator: "\n").map(String.init).first { $0.hasPrefix("\(repository)@") }
    }

    private func load(
        _ id: String, of stage: StageImage, into node: DockerProgram
    ) async throws {
        let there = DockerImages(
            docker: node, state: engine.state, privileges: engine.privileges)
        if try await there.find(stage.digest) == id { return }
        do {
            // By name, so that the image has its name on the node.
            let name = DockerImages.name(of: stage.digest)
            let (saved, loaded) = try await docker.invocation(["save", name])
                .run(into: node.invocation(["load", "--quiet"]))
            for (program, completion) in [(docker, saved), (node, loaded)]
            where !completion.status.isSuccess {
                throw program.failure(ExecError.lastLine(of: completion.errors))
            }
        } catch let error as ExecError {
            throw DockerProgram.missing(error)
        }
    }
}
