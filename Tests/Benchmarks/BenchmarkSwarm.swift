import Exec
import Files
import SystemPackage

/// Three machines of a swarm on this machine, created by `config/demo/swarm`.
struct BenchmarkSwarm {
    let world: World
    private var directory: FilePath { world.directory.appending("swarm") }
    private var script: String { "\(world.source)/config/demo/swarm" }

    /// The manager's daemon.
    var host: String { "unix://\(directory)/m/socket" }
    /// The home directory whose Docker contexts name the workers.
    let home: FilePath

    /// Starts the swarm; nil if a program is missing.
    init?(in world: World) async throws {
        guard ["dockerd", "docker", "docker-registry", "ip", "nsenter"].allSatisfy(world.has) else {
            return nil
        }
        self.world = world
        home = world.directory.appending("swarm-home")
        try Directory.create(home)
        try await world.run(script, "start", directory.string)
        for (context, node) in [("m1", "m"), ("w1", "w1"), ("w2", "w2")] {
            try await world.run(
                "env", "HOME=\(home)", "docker", "context", "create", context, "--docker",
                "host=unix://\(directory)/\(node)/socket")
        }
    }

    /// Stops the swarm.
    func stop() async throws {
        try await world.run(script, "stop", directory.string)
    }
}
