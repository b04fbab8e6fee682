import Exec
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// A run on several machines, some of which only compile.
    @Suite(
        .serialized, .swarm,
        .enabled(if: SwarmTestBed.isAvailable, "needs root, dockerd and docker-registry"))
    struct SwarmRunTests {
        private let tuple = DemoWorkshop.builtTuple

        @Test func distributedBuildEqualsLocalOne() async throws {
            let bed = try #require(SwarmTestBed.shared)
            try await DemoWorkshop.withBuiltSite { local, _ in
                try await DemoWorkshop.withSite { site in
                    var site = site
                    let environment = bed.environment(of: .m)
                    site.environment["DOCKER_HOST"] = environment["DOCKER_HOST"]
                    site.environment["DOCKER_CONFIG"] = "\(bed.directory)/.docker"
                    for (key, value) in [
                        ("engine", "swarm"), ("distcc", "1"), ("swarm.cpus", "1"),
                        ("swarm.registry", SwarmTestBed.registry),
                    ] {
                        try await site.git("config", "zentoo.\(key)", value)
                    }
                    let said = try await site.zentoo("build", tuple).orThrow()
                    #expect(said.output.contains("zentoo/main/\(tuple)/1 - 6 made, 0 reused"))
                    let ours = try await site.record(tuple, 1)
                    let theirs = try await local.record(tuple, 1)
                    #expect(ours.commit == theirs.commit)
                    #expect(ours.result?[.engine] == "swarm")
                    try await site.expectPackages(of: ours, toBe: theirs, of: local)

                    #expect(ours.result?[.compilers] == "1", "\(said)")
                    // On a busy machine distcc(1) sometimes gives up a compilation and runs it
                    // locally.
                    let distributed = try #require(ours.result?[.distributed].flatMap { Int($0) })
                    #expect(distributed > 0)
                    #expect(theirs.result?[.compilers] == nil)

                    let label = "label=zentoo.state=\(site.state)"
                    for kind in ["service", "network"] {
                        #expect(
                            try await bed.ask(.m, kind, "ls", "--quiet", "--filter", label) == "")
                    }
                    #expect(try await site.leftovers() == [])
                    #expect(try await site.damage() == "")
                }
            }
        }
    }
}
