import Exec
import Files
import Records
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// Compilations that are distributed or cached.
    @Suite(
        .serialized, .docker,
        .enabled(if: TestDaemon.isAvailable, "needs root, dockerd and docker"))
    struct SharedCompilationTests {
        private let slow = "x86-64-v3-base-plain-slow"

        /// A site with a package that compiles its sources one by one, the last one
        /// after the compiler machines are gone.
        private func withSite(_ body: (DemoSite) async throws -> Void) async throws {
            try await DemoWorkshop.withDockerSite { site in
                // Otherwise emerge does not pass on a package's output.
                try await site.git("config", "zentoo.jobs", "1")
                let repository = site.root.appending("ebuilds")
                try await DemoSite.run(
                    "cp", "-r", "\(DemoWorkshop.demo)/repository", repository.string)
                let place = repository.appending("dev-util/slow")
                try Directory.create(place)
                try FileContent.write(Array(Self.ebuild.utf8), to: place.appending("slow-1.ebuild"))
                try site.change(
                    "main",
                    [
                        "config/repos": "zentoo-demo \(repository)\n",
                        "config/portage/sets/slow": "dev-util/slow\n",
                        "config/tuples": DemoSite.tuples + "\(slow) distcc=2\n",
                    ])
                try await site.zentoo("sync").orThrow()
                try await body(site)
                #expect(try await site.leftovers() == [])
            }
        }

        private static let ebuild = """
            EAPI=8
            DESCRIPTION="Sources that take their time"
            HOMEPAGE="https://wiki.gentoo.org/wiki/No_homepage"
            LICENSE="0BSD"
            SLOT="0"
            KEYWORDS="amd64"
            S="${WORKDIR}"

            wait_until_alone() {
            \tlocal host
            \tfor host in ${DISTCC_HOSTS}; do
            \t\twhile (exec 3<>/dev/tcp/${host%%/*}/3632) 2>/dev/null; do sleep 0.2; done
            \tdone
            }

            src_compile() {
            \tlocal number
            \tfor number in 1 2 3; do
            \t\tif [[ ${number} == 3 ]]; then
            \t\t\techo "the others may go"
            \t\t\twait_until_alone
            \t\tfi
            \t\techo "int unit${number}(void) { return ${number}; }" >unit${number}.c || die
            \t\tgcc -c unit${number}.c || die
            \tdone
            }

            src_install() {
            \tar rc libslow.a *.o || die
            \tdolib.a libslow.a
            }

            """

        @Test func lostCompilersAreReplacedLocally() async throws {
            let daemon = try #require(TestDaemon.shared)
            try await withSite { site in
                let end = try await site.follow(
                    DemoSite.program, ["build", "--engine", "docker", slow],
                    onStart: { _ in
                        try await Patience.wait(for: "two units are compiled") {
                            try site.logs("the others may go")
                        }
                        let ids = try await daemon.ask(
                            "ps", "--quiet", "--filter", "name=-compiler-")
                        for id in ids.split(separator: "\n") {
                            try await daemon.ask("kill", String(id))
                        }
                    })
                try #require(end.status == .exited(0), "\(end.text)")
                #expect(end.text.contains("warning: compiler-1 is gone: "), "\(end.text)")
                #expect(
                    end.lines.contains {
                        $0.hasPrefix("warning: ") && $0.contains("done here: no compiler took")
                    }, "\(end.text)")
                let result = try #require(try await site.record(slow, 1).result)
                #expect(result[.compilers] == "2")
                let counts = [RecordLine.Key.distributed, .undistributed].compactMap {
                    result[$0].flatMap { Int($0) }
                }
                #expect(counts.count == 2 && counts.reduce(0, +) == 3, "\(counts)")
                // On a busy machine distcc(1) may also give up one of the first.
                #expect(counts.allSatisfy { $0 > 0 }, "\(counts)")
            }
        }

        @Test func ccacheIsKeptPerFlavour() async throws {
            try await withSite { site in
                try await site.git("config", "zentoo.ccache", "true")
                for _ in 1...2 {
                    try await site.zentoo("build", "--force", "--engine", "local", slow).orThrow()
                    try await DemoSite.run("rm", "-rf", site.pool.string)
                }
                let flavour = try #require(try await site.record(slow, 2).result?[.flavour])
                let cache = site.state.appending("ccache/x86_64-linux-gnu/\(flavour)")
                let stage = try await site.stageDigest("demo")
                let counts = try await DemoSite.run(
                    "bwrap", "--ro-bind", "\(site.state)/stages/\(stage)/tree", "/",
                    "--tmpfs", "/var/cache", "--ro-bind", cache.string, "/var/cache/ccache",
                    "--dev", "/dev",
                    "--setenv", "CCACHE_DIR", "/var/cache/ccache", "ccache", "--print-stats"
                ).text.split(separator: "\n").map { $0.split(separator: "\t") }
                func count(_ name: String) -> Int {
                    counts.first { $0.first == Substring(name) }.flatMap { Int($0[1]) } ?? 0
                }
                #expect(count("cache_miss") == 3, "\(counts)")
                #expect(count("direct_cache_hit") == 3, "\(counts)")
            }
        }
    }
}

extension DemoSite {
    /// Returns whether the log of a running build contains the text.
    fileprivate func logs(_ text: String) throws -> Bool {
        guard try FileStatus.of(state.appending("logs")) != nil else { return false }
        return try Directory.names(in: state.appending("logs"))
            .filter { $0.extension == "log" }
            .contains { name in
                try Processes.text(of: state.appending("logs").appending(name)).contains(text)
            }
    }
}
