import Engines
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SwarmEngineTests {
    /// How nodes get what jobs need: directories, images, secrets.
    @Suite struct Storage {
        @Test func nodeWithoutSharedStateIsNamed() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                for node in [SwarmTestBed.Node.w1, .w2] {
                    try await fixture.bed.hide(fixture.state, on: node)
                }
                let log = EventLog()
                let error = await #expect(throws: EngineError.self) {
                    try await fixture.run(fixture.job("touch /pool/made"), log: log)
                }
                for node in [SwarmTestBed.Node.w1, .w2] {
                    try await fixture.bed.reveal(fixture.state, on: node)
                }
                let node = try #require(log.places.first)
                #expect(error?.code == .unavailable)
                #expect(
                    error?.message
                        == "node '\(node)' does not have the same '\(fixture.state)' as this one")
                #expect(error?.hints.isEmpty == false)
                let pool = try fixture.poolNames()
                #expect(pool == [])
            }
        }

        /// A directory with the marker of another pool is not accepted either.
        @Test func nodeWithAnotherPoolIsNamed() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state, areas: [.init(fixture.pool)])
                for node in [SwarmTestBed.Node.w1, .w2] {
                    try await fixture.bed.hide(fixture.pool, on: node)
                    try await fixture.bed.on(
                        node, "sh", "-c", "echo other > '\(fixture.pool)/.zentoo-storage'")
                }
                var job = fixture.job("touch /pool/made")
                job.steps[0].mounts[0] = .readWrite(source: fixture.pool, target: "/pool")
                let error = await #expect(throws: EngineError.self) {
                    try await fixture.run(job, by: engine)
                }
                for node in [SwarmTestBed.Node.w1, .w2] {
                    let names = try await fixture.bed.on(node, "ls", fixture.pool.string)
                    #expect(names == "")
                    try await fixture.bed.reveal(fixture.pool, on: node)
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("'\(fixture.pool)'") == true)
            }
        }

        /// A common mistake: a volume that every node creates for itself.
        @Test func volumeLocalToNodeIsNamed() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let volume = try ContainerVolume("source=zentoo-trap")
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state,
                    areas: [.init(fixture.pool, volume: volume)])
                var job = fixture.job("touch /pool/made")
                job.steps[0].mounts[0] = .readWrite(source: fixture.pool, target: "/pool")
                let error = await #expect(throws: EngineError.self) {
                    try await fixture.run(job, by: engine)
                }
                try await Self.removeVolume("zentoo-trap", fixture)
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("volume 'zentoo-trap'") == true)
            }
        }

        /// A volume that is the same on every node, with driver options as for NFS.
        @Test func sharedVolumeIsWritten() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let pool = fixture.pool.appending("binpkgs")
                try #require(mkdir(pool.string, 0o755) == 0)
                let volume = try ContainerVolume(
                    "source=zentoo-shared,volume-driver=local,volume-opt=type=none,"
                        + "volume-opt=device=\(fixture.pool),volume-opt=o=bind")
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state,
                    areas: [.init(fixture.pool, volume: volume)])
                var job = fixture.job("echo made > /pool/made")
                job.steps[0].mounts[0] = .fenced(source: pool, target: "/pool")
                let (outcome, _) = try await fixture.run(job, by: engine)
                try await Self.removeVolume("zentoo-shared", fixture)
                #expect(outcome.failure == nil)
                #expect(try Processes.text(of: pool.appending("made")) == "made\n")
                let names = try fixture.poolNames()
                #expect(names == [".zentoo-storage", "binpkgs"])
            }
        }

        @Test func nodesFetchStagesFromRegistry() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                var fixture = fixture
                fixture.stage.digest = String(repeating: "a", count: 64)
                fixture.engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state, registry: SwarmTestBed.registry,
                    contexts: [:])
                let (outcome, log) = try await fixture.run(fixture.job("cat /etc/motd"))
                #expect(outcome.failure == nil)
                #expect(log.text == ["original"])
                // An image that is lost on a node is fetched again.
                let node = try #require(log.places.first.flatMap(SwarmTestBed.Node.init(rawValue:)))
                try await Self.removeImage(of: fixture.stage, on: node, fixture)
                let (again, _) = try await fixture.run(fixture.job("true"))
                #expect(again.failure == nil)
            }
        }

        @Test func stagesAreLoadedThroughContexts() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                var fixture = fixture
                fixture.stage.digest = String(repeating: "b", count: 64)
                let label = "zentoo.stage.\(String(repeating: "b", count: 12))"
                // Neither a registry nor a Docker context of a node.
                fixture.engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state, contexts: [:])
                let error = await #expect(throws: EngineError.self) {
                    try await fixture.run(fixture.job("true"))
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("'node.labels.\(label)==true'") == true)
                #expect(error?.hints.contains { $0.contains("zentoo.swarm.registry") } == true)

                // A context of one node.
                fixture.engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state, contexts: ["w2": "zentoo-w2"])
                let (first, log) = try await fixture.run(fixture.job("cat /etc/motd"))
                #expect(first.failure == nil)
                #expect(log.places == ["w2"])

                // The label of the node is no longer true.
                try await Self.removeImage(of: fixture.stage, on: .w2, fixture)
                let (second, again) = try await fixture.run(fixture.job("cat /etc/motd"))
                #expect(second.failure == nil)
                #expect(again.text == ["original"])
                try await fixture.bed.ask(.m, "node", "update", "--label-rm", label, "w2")
            }
        }

        @Test func jobsSeeSecretsAndConfigs() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let file = fixture.directory.appending("said")
                try EngineContractStage.write("said\n", to: file)
                try await fixture.bed.ask(.m, "secret", "create", "zentoo-key", file.string)
                try await fixture.bed.ask(.m, "config", "create", "zentoo-conf", file.string)
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state, secrets: ["zentoo-key"],
                    configs: ["zentoo-conf"])
                let (outcome, log) = try await fixture.run(
                    fixture.job(
                        """
                        cat /run/secrets/zentoo-key /zentoo-conf
                        stat -c %a /run/secrets/zentoo-key /zentoo-conf
                        """),
                    by: engine)
                // Nothing uses them once the job has ended.
                try await fixture.bed.ask(.m, "secret", "rm", "zentoo-key")
                try await fixture.bed.ask(.m, "config", "rm", "zentoo-conf")
                #expect(outcome.failure == nil)
                #expect(log.text == ["said", "said", "400", "444"])
            }
        }

        private static func removeVolume(_ name: String, _ fixture: SwarmEngineFixture) async throws
        {
            for node in [SwarmTestBed.Node.w1, .w2] {
                // A container that has ended holds the volume until it is removed.
                try await SwarmEngineFixture.wait("volume '\(name)' stays on \(node)") {
                    _ = try? await fixture.bed.ask(node, "volume", "rm", "--force", name)
                    return try await fixture.bed.ask(node, "volume", "ls", "--quiet").isEmpty
                }
            }
        }

        private static func removeImage(
            of stage: StageImage, on node: SwarmTestBed.Node, _ fixture: SwarmEngineFixture
        ) async throws {
            let id = try await fixture.bed.ask(
                node, "image", "ls", "--quiet", "--no-trunc", "--filter",
                "label=zentoo.stage=\(stage.digest)")
            try await SwarmEngineFixture.wait("the image stays on \(node)") {
                _ = try? await fixture.bed.ask(node, "image", "rm", "--force", id)
                return try await fixture.bed.ask(node, "image", "ls", "--quiet", "--no-trunc")
                    .contains(id) == false
            }
        }
    }
}
