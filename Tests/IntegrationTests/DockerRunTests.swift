import Exec
import Files
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// The same runs in containers: the results equal those of the local engine.
    @Suite(
        .serialized, .docker,
        .enabled(if: TestDaemon.isAvailable, "needs root, dockerd and docker"))
    struct DockerRunTests {
        private let tuple = DemoWorkshop.builtTuple
        private let small = "x86-64-v3-base-plain-tool"

        @Test func buildAndAssemblyEqualLocalOnes() async throws {
            try await DemoWorkshop.withBuiltSite { local, _ in
                try await DemoWorkshop.withDockerSite { site in
                    let said = try await site.zentoo("build", "--engine", "docker", tuple)
                        .orThrow()
                    #expect(said.output.contains("zentoo/main/\(tuple)/1 - 6 made, 0 reused"))
                    let ours = try await site.record(tuple, 1)
                    let theirs = try await local.record(tuple, 1)
                    #expect(ours.commit == theirs.commit)
                    #expect(ours.result?[.engine] == "docker")
                    #expect(theirs.result?[.engine] == "local")
                    #expect(ours.names(.made) == theirs.names(.made))
                    try await site.expectPackages(of: ours, toBe: theirs, of: local)
                    #expect(try await site.leftovers() == [])

                    var roots: [[String]] = []
                    for engine in ["local", "docker"] {
                        let root = site.root.appending("root-\(engine)")
                        try await site.zentoo("assemble", "--engine", engine, tuple, root.string)
                            .orThrow()
                        roots.append(try await DemoSite.content(of: root))
                    }
                    #expect(Set(roots[0]).symmetricDifference(roots[1]).sorted() == [])
                    #expect(roots[0].contains { $0.hasPrefix("./usr/bin/bell -rws--x--x 0 0") })
                    #expect(try await site.leftovers() == [])
                    #expect(try await site.damage() == "")
                }
            }
        }

        @Test func tupleSelectsEngineAndCommandOverrides() async throws {
            try await DemoWorkshop.withDockerSite { site in
                try site.change(
                    "main", ["config/tuples": DemoSite.tuples + "\(small) engine=docker\n"])
                try await site.zentoo("build", small).orThrow()
                #expect(try await site.record(small, 1).result?[.engine] == "docker")
                try await site.zentoo("build", "--force", "--engine", "local", small).orThrow()
                let second = try await site.record(small, 2)
                #expect(second.result?[.engine] == "local")
                // The engine is not part of the build's inputs.
                #expect(try await site.record(small, 1).tree == second.tree)
                #expect(second.names(.reused) == ["dev-util/text2c-1.0"])

                let unknown = try await site.zentoo("build", "--engine", "cloud", small)
                #expect(unknown.status == 129)
                #expect(unknown.errors.contains("the engines are: local, docker, swarm"))
            }
        }

        @Test func localTupleNeedsNoDaemon() async throws {
            try await DemoWorkshop.withDockerSite { site in
                var site = site
                site.environment["DOCKER_HOST"] = "unix:///nonexistent/socket"
                try await site.git("config", "zentoo.engine", "docker")
                try site.change(
                    "main", ["config/tuples": DemoSite.tuples + "\(small) engine=local\n"])
                let said = try await site.zentoo("build", small).orThrow()
                #expect(
                    said.errors.contains("warning: engine 'docker' is out of reach: "), "\(said)")
                #expect(try await site.record(small, 1).result?[.engine] == "local")
                let other = try await site.zentoo("build", DemoWorkshop.builtTuple)
                #expect(other.status == 128)
                #expect(other.errors.contains("fatal: cannot reach the Docker daemon"), "\(other)")
                let forced = try await site.zentoo(
                    "build", "--force", "--engine", "docker", small)
                #expect(forced.status == 128, "\(forced)")
            }
        }

        @Test func failedCompilationShowsItsLog() async throws {
            try await DemoWorkshop.withDockerSite { site in
                try await site.git("config", "zentoo.engine", "docker")
                let tuple = "x86-64-v3-base-plain-broken"
                let result = try await site.zentoo("build", tuple)
                #expect(result.status == 1)
                #expect(
                    result.output.contains("\(tuple): failed in compile of dev-util/fickle-1.0\n"),
                    "\(result)")
                #expect(result.output.contains("#error \"fickle is broken on purpose"), "\(result)")
                let log = result.output.split(separator: "\n")
                    .first { $0.contains("zstdless ") }?.split(separator: " ").last
                let text = try await DemoSite.run("zstd", "-dc", String(try #require(log))).text
                #expect(text.contains("fickle is broken on purpose"))
                #expect(try await site.poolFiles().map { $0.contains("dev-util/text2c") } == [true])
                #expect(try await site.leftovers() == [])
            }
        }

        @Test func keptRootIsSharedBetweenEngines() async throws {
            try await DemoWorkshop.withDockerSite { site in
                try await site.zentoo("new-root", "desk", small).orThrow()
                let left = try await site.zentoo(
                    "enter", "--engine", "docker", "desk", "--", "sh", "-c", "exit 7")
                #expect(left == CommandResult(output: "", errors: "", status: 7))
                for (engine, file) in [("docker", "one"), ("local", "two"), ("docker", "three")] {
                    try await site.zentoo(
                        "enter", "--keep", "--engine", engine, "desk", "--", "touch", "/\(file)"
                    ).orThrow()
                }
                for engine in ["local", "docker"] {
                    try await site.zentoo(
                        "enter", "--keep", "--engine", engine, "desk", "--",
                        "sh", "-c", "test -e /one && test -e /two && test -e /three"
                    ).orThrow()
                }
                try await site.zentoo("root", "remove", "desk").orThrow()
                #expect(try await site.leftovers() == [])
            }
        }

        @Test func hooksCannotWritePool() async throws {
            try await DemoWorkshop.withDockerSite { site in
                try site.change(
                    "buildhooks/plain",
                    [
                        "postmerge.d/50-pool": """
                        #!/bin/sh
                        find /var/cache/binpkgs -name '*.gpkg.tar' | while read -r file; do
                            echo >>"$file"
                        done 2>/dev/null && exit 9
                        touch /var/cache/binpkgs/new && exit 9
                        exit 0

                        """
                    ], executable: true)
                try await site.zentoo("build", "--engine", "docker", small).orThrow()
                let root = site.root.appending("root")
                try await site.zentoo("assemble", "--engine", "docker", small, root.string)
                    .orThrow()
                try await site.zentoo("verify").orThrow()
            }
        }
    }
}
