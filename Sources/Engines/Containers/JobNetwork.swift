internal import Exec
internal import SystemPackage

/// The network between a job's steps and its companions, which leads nowhere
/// else.
enum JobNetwork {
    /// What Docker calls it.
    static func name(of job: String) -> String { ContainerLabels.swarmName(of: job) }

    /// What kind of network it is, as Docker calls it.
    enum Kind: String {
        /// Of one machine.
        case bridge
        /// Of all machines of a swarm.
        case overlay

        /// An internal bridge has an address of its machine's own, at which all
        /// listen that listen anywhere; this one has none.
        fileprivate var options: [String] {
            self == .bridge ? ["--opt", "com.docker.network.bridge.inhibit_ipv4=true"] : []
        }
    }

    /// Whom containers on it ask for names that are not on it: nobody. An older
    /// daemon may ask its own machine's resolver (CVE-2024-29018).
    static let resolverOptions = ["--dns", "127.0.0.1"]

    /// Has it while something is done.
    ///
    /// - Throws: what `body` throws, and ``EngineError`` when it cannot be made.
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

    /// How long a network may be in use by what has ended.
    private static let patience = Duration.seconds(10)

    /// Removes it; one that stays in use is left to a sweep. A task that is
    /// cancelled does so as well.
    private static func remove(_ name: String, _ docker: DockerProgram) async {
        // A task of its own, awaited at once, is the one shield from
        // cancellation that the language has.
        await Task {
            let deadline = ContinuousClock.now.advanced(by: patience)
            while ContinuousClock.now < deadline {
                if await isRemoved(name, docker) { return }
                try? await Task.sleep(for: .milliseconds(200))
            }
        }.value
    }

    /// Removes it once; tells whether it is gone.
    private static func isRemoved(_ name: String, _ docker: DockerProgram) async -> Bool {
        let removal = try? await docker.call(["network", "rm", name])
        if removal?.status.isSuccess == true { return true }
        let said = removal.map { ExecError.lastLine(of: $0.errors) } ?? ""
        return said.hasSuffix("not found") || said.contains("No such network")
    }

    /// Removes the networks of jobs that nobody controls any more.
    ///
    /// - Returns: what was removed, each in a word or two.
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
            // One that is in use, on a node out of reach, is for a later sweep.
            if await isRemoved(fields[0], docker) { removed.append("network \(fields[0])") }
        }
        return removed
    }
}
