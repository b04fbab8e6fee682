import Exec
import Files
import SystemPackage

/// The same packages compiled in a job of git-zentoo and by Docker alone, on
/// one daemon and on a swarm; and the time that a second machine saves.
struct EngineRaces {
    let site: PortageSite
    private var world: World { site.world }

    /// Two small C programs: some seconds, of which compiling is a part.
    private static let packages = ["dev-util/text2c", "app-admin/bell"]
    private static let emerge = [
        "emerge", "--ignore-default-opts", "--color=n", "--nospinner", "--oneshot",
    ]

    /// The directories mounted for both, each with its target in the root.
    private var lent: [(source: FilePath, target: String)] {
        [
            (site.pristine.appending("etc/portage"), "/etc/portage"),
            (site.repository, "/var/db/repos/zentoo-demo"),
            (world.source.appending(".build/demo/distfiles"), "/var/cache/distfiles"),
        ]
    }

    /// The site may have other stages meanwhile.
    private var stageTree: FilePath {
        get async throws { site.state.appending("stages/\(try await stageDigest)/tree") }
    }

    private var stageDigest: String {
        get async throws {
            String(try await world.run("sha256sum", site.stage.string).text.prefix(64))
        }
    }

    private func job(
        _ engine: String, host: String, home: FilePath, _ command: [String]
    ) async throws -> Program {
        // Portage's pid-sandbox needs a new /proc mount, which root of a job cannot
        // make.
        let replaced = (
            world.source.appending("Sources/Builds/Portage/Scripts/mount.sh"),
            "/usr/local/sbin/mount"
        )
        return world.program(
            [world.own.string, "job", engine, host, home.string]
                + [site.state.string, try await stageTree.string]
                + (lent + [replaced]).flatMap { ["--lend", "\($0.source)=\($0.target)"] } + ["--"]
                + command,
            in: world.directory)
    }

    private var words: String { (Self.emerge + Self.packages).joined(separator: " ") }

    private var mounts: String {
        lent.map { "--mount type=bind,source=\($0.source),destination=\($0.target),readonly" }
            .joined(separator: " ")
    }

    /// The environment of a job, so that both do the same work.
    private static let environment = ["LC_ALL=C.UTF-8", "MAKEOPTS=-j2"]
        .map { "--env \($0)" }.joined(separator: " ")

    private static let capabilities = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"]
        .map { "--cap-add \($0)" }.joined(separator: " ")

    /// One daemon.
    func docker(_ daemon: DockerDaemon) async throws -> Race {
        try await daemon.importImage(site.stage, as: "stage")
        return Race(
            title: "engines: two packages compiled by Docker", goal: .beside(1.1),
            contenders: [
                .init(
                    name: "a job of git-zentoo's",
                    program: try await job(
                        "docker", host: daemon.host, home: world.directory,
                        Self.emerge + Self.packages)),
                .init(
                    name: "docker run --rm ... emerge",
                    program: world.program(
                        [
                            "sh", "-c",
                            "exec docker --host \(daemon.host) run --rm --init --network none "
                                + "\(Self.capabilities) \(Self.environment) \(mounts) stage \(words)",
                        ], in: world.directory)),
            ])
    }

    /// Two flavours on two workers and on one, one job at a time on each. All share
    /// this machine's processors: only what a job leaves idle is saved, which is
    /// less than two machines would save.
    ///
    /// - Parameter isShort: whether to build packages that compile nothing.
    func workers(_ swarm: BenchmarkSwarm, isShort: Bool) async throws -> Race {
        let script = """
            set -e
            git config zentoo.swarm.context m1
            git config zentoo.w1.context w1
            git config zentoo.w2.context w2
            git config zentoo.swarm.cpus \
                $(docker --context m1 node inspect --format '{{.Description.Resources.NanoCPUs}}' w1 |
                    sed 's/000000000$//')
            """
        try await world.run("env", "HOME=\(swarm.home)", "sh", "-c", script, in: site.site)
        let tuple = isShort ? PortageSite.small : PortageSite.compiled
        var build = world.zentoo(
            "build", "--force", "--engine", "swarm", "-j2", tuple,
            PortageSite.others[isShort ? 1 : 0], in: site.site)
        build.environment["HOME"] = swarm.home.string
        func contender(_ name: String, _ availability: String) -> Race.Contender {
            Race.Contender(
                name: name, program: build,
                prepare: {
                    try await world.run("rm", "-rf", site.state.appending("pool").string)
                    try await world.run(
                        "env", "HOME=\(swarm.home)", "docker", "--context", "m1", "node", "update",
                        "--availability", availability, "w2")
                })
        }
        return Race(
            title: "engines: two flavours on a swarm, all nodes on these processors",
            contenders: [
                contender("two workers", "active"), contender("one worker", "drain"),
            ], warmsUp: false)
    }

    /// A swarm of two workers.
    func swarm(_ swarm: BenchmarkSwarm) async throws -> Race {
        let digest = try await stageDigest
        let script = """
            set -e
            image=$(docker image ls --quiet --no-trunc --filter label=zentoo.stage=\(digest))
            id=$(docker service create --quiet --detach --no-resolve-image \\
                --restart-condition none --init --constraint node.labels.zentoo.builder==true \\
                \(Self.capabilities) \(Self.environment) \(mounts) "$image" \(words))
            until state=$(docker service ps --format '{{.CurrentState}}' "$id") &&
                case $state in Complete*) ;; Failed* | Rejected*) exit 1 ;; *) false ;; esac
            do sleep 0.05; done
            docker service rm "$id"
            """
        var bare = world.program(["sh", "-c", script], in: world.directory)
        bare.environment["DOCKER_HOST"] = swarm.host
        bare.environment["HOME"] = swarm.home.string
        let ours = try await job(
            "swarm", host: swarm.host, home: swarm.home, Self.emerge + Self.packages)
        return Race(
            title: "engines: two packages compiled by a swarm", goal: .beside(1.1),
            contenders: [
                .init(name: "a job of git-zentoo's", program: ours),
                .init(name: "docker service create ... emerge", program: bare),
            ])
    }
}
