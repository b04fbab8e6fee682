@testable import Builds
import Engines
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

/// Which file system is full, and how that is reported.
@Suite struct FullPlaceTests {
    @Test func eachFileSystemIsCheckedOnce() throws {
        try TemporaryDirectory.with { directory in
            let state = StateDirectory(
                path: directory, pool: "/proc/self", distfiles: directory.appending("d"))
            let findings = StateCheck(state).findings()
            #expect(findings.map(\.subject) == ["state", "pool"])
            #expect(findings[1].level == .fail)
            #expect(findings[1].hints.contains { $0.contains("zentoo.pool") })
            for name in ["jobs", "logs", "stages"] {
                try Directory.create(directory.appending(name))
            }
            let one = StateCheck(StateDirectory(path: directory)).findings()
            #expect(one.map(\.subject) == ["state"])
        }
    }

    @Test func fileSystemIsNamedByMountPoint() throws {
        let proc = try FileSystem.of("/proc/self")
        #expect(proc.mountPoint == "/proc")
        #expect(proc.device != nil)
        let place = try #require(FullPlace(of: "/tmp", setting: "zentoo.state"))
        #expect(place.mountPoint != nil)
        #expect(place.description.contains("mounted on '\(place.mountPoint ?? "")'"))
        #expect(place.hints.first?.contains("git config zentoo.state DIR") == true)
    }

    /// A job that runs out of space is a failed build, recorded with its cause; it
    /// leaves nothing that would block the next build.
    @Test func buildWithoutSpaceIsRecorded() async throws {
        try await PushFixture.with { fixture in
            let digest = String(repeating: "ab", count: 32)
            let engine = FakeEngine { step in
                switch step.name {
                case "flavour":
                    for case .readWrite(let source, RootView.outMountPoint) in step.mounts {
                        try FileContent.write(
                            Array("chost\tx86_64-pc-linux-gnu\ndigest\t\(digest)\n".utf8),
                            to: source.appending("flavour"))
                    }
                    return FakeEngine.Behaviour()
                case "plan", "index packages":
                    return FakeEngine.Behaviour()
                case BuildJobs.mergeStep:
                    throw EngineError(.noSpace, "cannot write", hints: [])
                default: return FakeEngine.Behaviour()
                }
            }
            let machine = Machine(
                repository: fixture.temporary.gitDirectory, state: fixture.state, engine: engine,
                privileges: .ofTests, remote: nil, identity: TemporaryRepository.signature,
                signer: nil, git: fixture.temporary.git, sources: [:], parallelism: 1)
            try WorkerTests.makeStage(fixture)
            let report = try await Builder(machine: machine, site: try ZentooName("main"))
                .build("a-base-default-web", report: { _ in })
            #expect(report.status == .failed)
            #expect(report.failure?.phase == BuildResult.Failure.noSpace)
            #expect(report.fullPlace != nil)
            #expect(report.lastLines.last == "cannot write")
            let results = try Whence(fixture.temporary.open()).results(beginningWith: "")
            #expect(results.map(\.failure?.phase) == [BuildResult.Failure.noSpace])
            #expect(try fixture.temporary.open().references(under: "refs/zentoo/building/").isEmpty)
        }
    }
}
