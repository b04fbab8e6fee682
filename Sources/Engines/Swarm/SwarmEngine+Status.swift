internal import SystemPackage

extension SwarmEngine: ReportingEngine {
    /// See ``ReportingEngine``; the contents of the nodes' own daemons are
    /// reported only as far as labels show them.
    public func status() async throws -> EngineStatus {
        let daemon = try await DockerDaemon(docker, setting: "zentoo.swarm.context")
        let jobs = try await placedJobs()
        let images = try await DockerImages(
            docker: docker, state: state, privileges: privileges
        ).all()
        let places = try await SwarmNode.all(docker).map { node in
            EngineStatus.Place(
                name: node.hostname, state: node.state, availability: node.availability,
                processor: node.machine, processors: node.processors, memory: node.memory,
                labels: node.labels.filter { !$0.key.hasPrefix(SwarmPlacement.stageLabel) },
                jobs: jobs.filter { $0.node == node.id }.map(\.job),
                stages: images.filter { node.labels[SwarmImages.label(of: $0.digest)] == "true" })
        }
        return EngineStatus(
            engine: name, version: "Docker \(daemon.version)", places: places,
            waiting: jobs.filter { $0.node == nil }.map(\.job))
    }

    private func placedJobs() async throws -> [(job: EngineStatus.PlacedJob, node: String?)] {
        var jobs: [(job: EngineStatus.PlacedJob, node: String?)] = []
        for (service, id, companion) in try await services() {
            guard let task = try await SwarmTask.of(service, docker) else { continue }
            let isOwned = JobScratch.isOwned(id, in: state)
            let state: EngineStatus.PlacedJob.State =
                !isOwned ? .left : task.node == nil ? .waiting : .running
            let notes = [companion, task.reason].compactMap(\.self).filter { !$0.isEmpty }
            jobs.append(
                (
                    EngineStatus.PlacedJob(
                        id: id, state: state,
                        note: notes.isEmpty ? nil : notes.joined(separator: ": ")), task.node
                ))
        }
        return jobs.sorted { $0.job.id < $1.job.id }
    }
}
