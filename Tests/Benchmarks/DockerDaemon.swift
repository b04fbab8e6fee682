import Exec
import Files
import SystemPackage

/// The benchmark's own Docker daemon, on a private socket.
struct DockerDaemon {
    let world: World
    private var directory: FilePath { world.directory.appending("docker") }
    var host: String { "unix://\(directory)/socket" }

    /// Starts the daemon; nil if there is no dockerd or it cannot run here.
    init?(in world: World) async throws {
        guard world.has("dockerd"), world.has("docker") else { return nil }
        self.world = world
        try Directory.create(directory)
        let script = """
            dockerd --data-root \(directory)/data --exec-root \(directory)/exec \\
                --pidfile \(directory)/pid --host \(host) --iptables=false --bridge=none \\
                >\(directory)/log 2>&1 &
            for second in $(seq 300); do
                docker --host \(host) version >/dev/null 2>&1 && exit 0
                kill -0 $! 2>/dev/null || exit 1
                sleep 1
            done
            exit 1
            """
        let started = try await Invocation(
            "setsid", ["--fork", "--wait", "sh", "-c", script], environment: world.environment
        ).run()
        guard started.status.isSuccess else { return nil }
    }

    /// Creates an image from the archive of a root file system.
    func importImage(_ archive: FilePath, as name: String) async throws {
        try await world.run(
            "sh", "-c", "zstd -dc \(archive) | docker --host \(host) import - \(name)")
    }

    /// Returns a Docker command that is measured.
    func program(_ arguments: String...) -> Program {
        world.program(["docker", "--host", host] + arguments, in: world.directory)
    }

    /// Stops the daemon and waits until it has ended.
    func stop() async throws {
        let script = """
            pid=$(cat \(directory)/pid) && kill $pid &&
            while kill -0 $pid 2>/dev/null; do sleep 0.2; done
            """
        try await world.run("sh", "-c", script)
    }
}
