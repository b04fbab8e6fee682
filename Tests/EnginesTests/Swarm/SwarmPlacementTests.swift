import Exec
import SystemPackage
import Testing

@testable import Engines

/// Where jobs may run, and the commands for the managers: pure functions.
@Suite struct SwarmPlacementTests {
    private static func node(
        _ name: String, _ labels: [String: String] = ["zentoo.builder": "true"],
        state: String = "ready", availability: String = "active", processors: Int = 4
    ) throws -> SwarmNode {
        let words = labels.map { "\($0.key)=\($0.value) " }.joined()
        return try #require(
            SwarmNode(
                line: Substring(
                    "id-\(name)\t\(name)\t\(state)\t\(availability)\tx86_64\t"
                        + "\(processors)000000000\t8589934592\t\(words)")))
    }

    private static func placement(
        _ nodes: [SwarmNode], cpu: String? = nil, limits: ContainerLimits = ContainerLimits()
    ) -> SwarmPlacement {
        SwarmPlacement(on: nodes, cpu: cpu, limits: limits, files: 0)
    }

    @Test func buildersHaveTheLabel() throws {
        let nodes = [try Self.node("m", [:]), try Self.node("w1"), try Self.node("w2")]
        let placement = Self.placement(nodes)
        #expect(placement.fitting.map(\.hostname) == ["w1", "w2"])
        #expect(placement.constraints.map(\.description) == ["node.labels.zentoo.builder==true"])
        #expect(placement.obstacle == nil)
    }

    @Test func matchingProcessorIsPreferred() throws {
        let labels = ["zentoo.builder": "true", "zentoo.cpu": "znver3"]
        let nodes = [try Self.node("w1"), try Self.node("w2", labels)]
        #expect(Self.placement(nodes, cpu: "znver3").fitting.map(\.hostname) == ["w2"])
        #expect(Self.placement(nodes, cpu: "other").fitting.map(\.hostname) == ["w1", "w2"])
        // A node that is not a builder is ignored.
        let idle = [try Self.node("w1"), try Self.node("m", ["zentoo.cpu": "znver3"])]
        #expect(Self.placement(idle, cpu: "znver3").fitting.map(\.hostname) == ["w1"])
    }

    @Test func unmetConstraintIsNamed() throws {
        let nodes = [try Self.node("m", [:]), try Self.node("w", [:])]
        let none = try #require(Self.placement(nodes).obstacle)
        #expect(
            none.message
                == "no node of the swarm fits: 'node.labels.zentoo.builder==true' is not so of "
                + "any of 2 nodes")
        #expect(none.hints == ["docker node update --label-add zentoo.builder=true m"])
        var placement = Self.placement([try Self.node("w1")])
        placement.demand(.label("zentoo.stage.0123456789ab", "true"))
        #expect(placement.obstacle?.hints.count == 2)
    }

    @Test func unknownNodeStateIsNoObstacle() throws {
        #expect(Self.placement([try Self.node("w1", state: "unknown")]).obstacle == nil)
    }

    @Test func unavailableNodesAreNamed() throws {
        let nodes = [
            try Self.node("w1", state: "down"), try Self.node("w2", availability: "drain"),
        ]
        #expect(
            Self.placement(nodes).obstacle?.message
                == "no node that fits takes jobs: 'w1' is down, 'w2' is drain")
    }

    @Test func excessiveLimitsAreRefusedWithHint() throws {
        let nodes = [try Self.node("w1"), try Self.node("w2", processors: 8)]
        let limits = ContainerLimits(memory: 1 << 40, processors: 16)
        #expect(
            Self.placement(nodes, limits: limits).obstacle?.hints
                == ["git config zentoo.swarm.cpus 8"])
        #expect(
            Self.placement(nodes, limits: ContainerLimits(memory: 1 << 40)).obstacle?.hints
                == ["git config zentoo.swarm.memory 8589934592"])
    }

    @Test(
        arguments: [
            ("a\trunning\trunning\tn1\t\t", SwarmTask.State.running, nil, ""),
            (
                "a\tfailed\tshutdown\tn1\t3\ttask: non-zero exit (3)", .failed, 3,
                "task: non-zero exit (3)"
            ),
            (
                "a\tpending\trunning\t<no value>\t\tno suitable node\there", .pending, nil,
                "no suitable node\there"
            ),
        ] as [(Substring, SwarmTask.State, Int32?, String)])
    func tasksAreParsed(
        _ line: Substring, _ state: SwarmTask.State, _ status: Int32?, _ reason: String
    ) throws {
        let task = try #require(SwarmTask(line: line))
        #expect(task.state == state)
        #expect(task.exitStatus == status)
        #expect(task.reason == reason)
        #expect(SwarmTask(line: "nonsense") == nil)
    }

    @Test func serviceArgumentsAreMinimal() {
        let engine = SwarmEngine(
            docker: DockerProgram(environment: [:]), state: "/state",
            storage: ContainerStorage([.init("/state"), .init("/pool")]),
            limits: ContainerLimits(memory: 1 << 30, processors: 4), network: "builders",
            registry: "10.0.0.1:5000", secrets: ["key"], configs: ["conf"], privileges: .root)
        let service = SwarmService(
            engine: engine, job: "2026.J", role: .attempt(2), image: "i@sha256:1")
        let plan = ContainerPlanTests.plan(report: .file("report-2"))
        let invocation = service.creation(
            plan, [.label("zentoo.builder", "true"), .label("zentoo.cpu", "znver3")])
        let labels = ["--label", "--container-label"].flatMap {
            [$0, "zentoo.job=2026.J", $0, "zentoo.state=/state"]
        }
        var head = ["service", "create", "--quiet", "--detach", "--no-resolve-image"]
        head += ["--with-registry-auth", "--name", "zentoo-2026-j-2", "--mode", "replicated"]
        head += ["--replicas", "1", "--restart-condition", "none"]
        head += ["--stop-grace-period", "5s", "--init"] + labels
        head += ["--hostname", "zentoo", "--network", "builders"]
        head += ["--constraint", "node.labels.zentoo.builder==true"]
        head += ["--constraint", "node.labels.zentoo.cpu==znver3"]
        head += ["--reserve-cpu", "4", "--limit-cpu", "4"]
        head += ["--reserve-memory", "1073745920", "--limit-memory", "1073745920"]
        #expect(Array(invocation.arguments.prefix { $0 != "--cap-drop" }) == head)
        var tail = ["--secret", "source=key,mode=0400", "--config", "source=conf,mode=0444"]
        tail += plan.mounts.flatMap { ["--mount", $0] }
        tail += ["--env", "ZENTOO_RUNNER", "i@sha256:1"]
        tail += ["sh", "-c", #"eval "$ZENTOO_RUNNER""#, "zentoo"] + plan.arguments
        #expect(Array(invocation.arguments.drop { $0 != "--secret" }) == tail)
        let long = SwarmService(
            engine: engine, job: String(repeating: "a", count: 100), role: .attempt(10),
            image: "i")
        #expect(long.name.count == 63)
        #expect(long.name.hasSuffix("a-10"))
    }

    @Test func companionIsRestartedAndHasNetworkAlias() {
        let engine = SwarmEngine(
            docker: DockerProgram(environment: [:]), state: "/state",
            storage: ContainerStorage([.init("/state")]), network: "builders", secrets: ["key"],
            configs: ["conf"], privileges: .root)
        let companion = Step(name: "one", command: ["serve"], network: .companions)
        let plan = ContainerPlan(
            [companion], root: .image, scratch: "/state/jobs/2026.J", storage: engine.storage,
            mark: "MARK", report: .file("report-one"))
        let created = SwarmService(
            engine: engine, job: "2026.J", role: .companion("one"), image: "i"
        )
        .creation(plan, []).arguments
        #expect(created.contains("zentoo-2026-j-one"))
        #expect(created.contains("zentoo.companion=one"))
        #expect(!created.contains("--secret") && !created.contains("--config"))
        #expect(created.contains("--dns"))
        let network = created.drop { $0 != "--hostname" }.prefix(6)
        #expect(
            network == [
                "--hostname", "one", "--endpoint-mode", "dnsrr", "--network",
                "name=zentoo-2026-j,alias=one",
            ])
        #expect(created.drop { $0 != "--restart-condition" }.dropFirst().first == "any")
        let steps = SwarmService(engine: engine, job: "2026.J", role: .attempt(1), image: "i")
            .creation(plan, []).arguments
        #expect(
            steps.drop { $0 != "--hostname" }.prefix(6) == [
                "--hostname", "zentoo", "--endpoint-mode", "dnsrr", "--network", "zentoo-2026-j",
            ])
    }
}
