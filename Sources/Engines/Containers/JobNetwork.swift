internal import Exec
internal import SystemPackage

/// The network between a job's steps and its companions, isolated from all
/// others.
enum JobNetwork {
    /// Returns the name of the network in Docker.
    static func name(of job: String) -> String { ContainerLabels.swarmName(of: job) }

    /// The kind of network, by the names of Docker's drivers.
    enum Kind: String {
        /// Limited to one machine.
        case bridge
        /// Across all machines of a swarm.
        case overlay

        /// An internal bridge has an address on its machine, at which all
        /// services listen that are bound to any address; the option removes
        /// it.
        fileprivate var options: [String] {
            self == .bridge ? ["--opt", "com.docker.network.bridge.inhibit_ipv4=true"] : []
        }
    }

    /// Sets a resolver without a server, so that names outside the network do
    /// not resolve. An older daemon may otherwise ask its machine's resolver
    /// (CVE-2024-29018).
    static let resolverOptions = ["--dns", "127.0.0.1"]

    /// Creates the network, runs `body` and removes the network.
    ///
    /// - Returns: the result of `body`.
    /// - Throws: what `body` throws, and ``EngineError`` when it cannot be
    ///   created.
    static func with<Result>(
        of job: String, in state: FilePath, _ kind: Kind, _ docker: DockerProgram,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let name = name(of: job)
        do {
            try await docker.ask(
                ["network", "create", "--driver", kind.rawValue, "--internal"] + kind.options
                    + ContainerLabels.words(of: job, in: state, as: "--label") + [name])
            let result = try await body()
            await remove(name, docker)
            return result
        } catch {
            await remove(name, docker)
            throw error
        }
    }

    /// How long an ended container may keep the network in use.
    private static let patience = Duration.seconds(10)

    /// Removes the network, even if the task is cancelled; one that stays in
    /// use is left to a sweep.
    private static func remove(_ name: String, _ docker: DockerProgram) async {
        // A separate task, awaited at once, is the only protection from
        // cancellation that the language offers.
        await Task {
            let deadline = ContinuousClock.now.advanced(by: patience)
            while ContinuousClock.now < deadline {
                if await isRemoved(name, docker) { return }
                try? await Task.sleep(for: .milliseconds(200))
            }
        }.value
    }

    /// Tries once to remove the network and returns whether it no longer
    /// exists.
    private static func isRemoved(_ name: String, _ docker: DockerProgram) async -> Bool {
        let removal = try? await docker.call(["network", "rm", name])
        if removal?.status.isSuccess == true { return true }
        let said = removal.map { ExecError.lastLine(of: $0.errors) } ?? ""
        return said.hasSuffix("not found") || said.contains("No such network")
    }

    /// Removes the networks of jobs whose controlling process has ended.
    ///
    /// - Returns: what was removed, each item in a word or two.
    /// - Throws: ``EngineError``; `CancellationError`.
    static func sweep(_ docker: DockerProgram, state: FilePath) async throws -> [String] {
        let said = try await docker.ask(
            [
                "network", "ls", "--format", "{{.Name}}\t{{.Label \"\(ContainerLabels.job)\"}}",
            ] + ContainerLabels.filter(of: state))
        var removed: [String] = []
        for line in said.split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 2, !JobScratch.isOwned(fields[1], in: state) else { continue }
            // A network in use on an unreachable node is left to a later sweep.
            if await isRemoved(fields[0], docker) { removed.append("network \(fields[0])") }
        }
        return removed
    }
}
