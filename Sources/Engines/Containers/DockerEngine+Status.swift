extension DockerEngine: ReportingEngine {
    /// See ``ReportingEngine``.
    public func status() async throws -> EngineStatus {
        let daemon = try await DockerDaemon(docker, setting: "zentoo.docker.context")
        let host = try await docker.ask([
            "info", "--format", "{{.Name}}\t{{.NCPU}}\t{{.MemTotal}}",
        ]).split(separator: "\t", omittingEmptySubsequences: false)
        guard host.count == 3 else {
            throw EngineError(.lost, "the Docker daemon does not tell what machine it is on")
        }
        return EngineStatus(
            engine: name, version: "Docker \(daemon.version)",
            places: [
                EngineStatus.Place(
                    name: String(host[0]), processor: daemon.machine, processors: Int(host[1]),
                    memory: Int(host[2]), jobs: try await jobs(),
                    stages: try await DockerImages(
                        docker: docker, state: state, privileges: privileges
                    ).all())
            ])
    }

    /// Returns the jobs that have a directory, and those that only have a
    /// container left.
    private func jobs() async throws -> [EngineStatus.PlacedJob] {
        var jobs = JobScratch.jobs(in: state, of: name)
        let said = try await docker.ask(
            ["ps", "--all", "--format", "{{.Label \"\(ContainerLabels.job)\"}}"]
                + ContainerLabels.filter(of: state))
        for id in Set(said.split(separator: "\n").map(String.init)).sorted()
        where !jobs.contains(where: { $0.id == id }) {
            jobs.append(EngineStatus.PlacedJob(id: id, state: .left))
        }
        return jobs
    }
}

extension DockerImages {
    /// Returns all stages that the daemon has, by digest.
    ///
    /// - Throws: ``EngineError``; `CancellationError`.
    func all() async throws -> [EngineStatus.StageCopy] {
        let ids = try await docker.ask([
            "image", "ls", "--quiet", "--no-trunc", "--filter", "label=\(Self.label)",
        ]).split(separator: "\n").map(String.init)
        if ids.isEmpty { return [] }
        let said = try await docker.ask(
            [
                "image", "inspect", "--format",
                "{{index .Config.Labels \"\(Self.label)\"}}\t{{.Size}}",
            ] + Set(ids).sorted())
        return said.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t")
            guard fields.count == 2, let size = Int(fields[1]) else { return nil }
            let digest = String(fields[0])
            return EngineStatus.StageCopy(digest: digest, image: Self.name(of: digest), size: size)
        }.sorted { $0.digest < $1.digest }
    }
}
