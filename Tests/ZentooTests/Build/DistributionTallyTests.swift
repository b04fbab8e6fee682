@testable import Builds
import Engines
@testable import Records
import Testing

/// The counts of distributed compilations.
@Suite struct DistributionTallyTests {
    private static let summary = "distccd[9] (dcc_job_summary) client: 10.0.2.2:40 COMPILE_"

    @Test func remoteCompilationsAreCountedWithoutProbes() {
        var tally = DistributionTally()
        #expect(tally.takeMerge("distcc: compilers: compiler-1 compiler-3") == nil)
        tally.takeCompiler(Self.summary + "OK exit:0 time:40ms gcc zentoo-probe.c")
        tally.takeCompiler(Self.summary + "OK exit:0 time:40ms gcc main.c")
        tally.takeCompiler(Self.summary + "ERROR exit:1 time:40ms gcc conftest.c")
        #expect(tally.counts == .init(compilers: 2, compiled: 1))
        #expect(tally.trouble(hasCache: false) == nil)
    }

    @Test func localCompilationsAreReported() {
        var tally = DistributionTally()
        _ = tally.takeMerge("distcc: compilers: compiler-1")
        #expect(tally.trouble(hasCache: false) == "distcc: nothing was compiled elsewhere")
        #expect(tally.trouble(hasCache: true) == nil)
        let line = "distcc[7] (dcc_build_somewhere) Warning: failed to distribute, running locally"
        tally.takePackage(line)
        #expect(
            tally.trouble(hasCache: true) == "1 compilation was done here: no compiler took it")
        tally.takePackage(line)
        #expect(
            tally.trouble(hasCache: false) == "2 compilations were done here: no compiler took them"
        )
    }

    @Test func failedCompilationIsNotMissed() {
        var tally = DistributionTally()
        let begin = "distcc[7] (dcc_build_somewhere) Warning: "
        tally.takePackage(begin + "remote compilation of 'a.c' failed, retrying locally")
        tally.takePackage(
            begin + "failed to distribute a.c to compiler-1/2, running locally instead")
        #expect(tally.counts.missed == 0)
        tally.takePackage(
            begin + "failed to distribute b.c to compiler-1/2, running locally instead")
        #expect(tally.counts.missed == 1)
    }

    @Test func unusedCompilersAreNamed() {
        var tally = DistributionTally()
        let line = "distcc: without compiler-2: it has another compiler"
        #expect(tally.takeMerge(line) == line)
        #expect(tally.takeMerge("distcc: not used: there is no compiler in this root") != nil)
        #expect(tally.takeMerge(">>> Emerging (1 of 1) app-misc/a-1::demo") == nil)
        #expect(tally.trouble(hasCache: false) == nil)
    }
}

/// The compilers and how they are reached.
@Suite struct CompilersTests {
    @Test func compilersAreReachedByName() {
        let compilers = Compilers(count: 2, slots: 4)
        #expect(compilers.hosts == ["compiler-1/4", "compiler-2/4"])
        #expect(compilers.steps.map(\.name) == ["compiler-1", "compiler-2"])
        #expect(compilers.steps.allSatisfy { $0.network == .companions && $0.mounts.isEmpty })
        #expect(
            compilers.steps[0].command == [
                "/usr/bin/distccd", "--daemon", "--no-detach", "--user", "portage",
                "--enable-tcp-insecure", "--allow", "0.0.0.0/0", "--jobs", "4", "--log-stderr",
                "--log-level", "notice",
            ])
        #expect(Compilers.isOne("compiler-1"))
        #expect(!Compilers.isOne("merge"))
    }
}
