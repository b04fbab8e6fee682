import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// Single values that Docker is given or that are parsed from its output.
@Suite struct ContainerValuesTests {
    @Test(arguments: [
        ["a"], ["a", "b=c"], ["a,b", "c"], [#"say "x""#, "y"], ["", "x"],
    ])
    func fieldsRoundTrip(_ fields: [String]) {
        #expect(CommaSeparated.fields(of: CommaSeparated.line(of: fields)) == fields)
    }

    @Test(arguments: [#"a"b"#, #""a"b"#, #""a"#])
    func strayQuotesAreRefused(_ line: String) {
        #expect(CommaSeparated.fields(of: line) == nil)
    }

    @Test(arguments: [
        "", "source=", "volume-driver=local", "source=a,destination=/x", "source=a,type=bind",
        "source=a,readonly", #"source="a"#,
    ])
    func invalidVolumesAreRefused(_ text: String) {
        #expect(throws: EngineError.self) { try ContainerVolume(text) }
    }

    @Test func volumeNameIsParsed() throws {
        #expect(try ContainerVolume("volume-opt=type=nfs,src=pool").name == "pool")
    }

    @Test func innermostAreaIsChosen() {
        let storage = ContainerStorage([.init("/a"), .init("/a/b"), .init("/c")])
        #expect(storage.area(of: "/a/b/x")?.directory == "/a/b")
        #expect(storage.area(of: "/a/bx")?.directory == "/a")
        #expect(storage.area(of: "/d") == nil)
    }

    @Test func identityOfDirectoryIsStable() throws {
        try TemporaryDirectory.with { directory in
            let first = try StorageMarker.identity(of: directory)
            #expect(first.count > 16)
            #expect(try StorageMarker.identity(of: directory) == first)
            #expect(throws: EngineError.self) {
                try StorageMarker.identity(of: directory.appending("none"))
            }
        }
    }

    @Test func concurrentCallersGetSameIdentity() async throws {
        try await TemporaryDirectory.with { directory in
            let told = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask { try StorageMarker.identity(of: directory) }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(told.count == 1)
            #expect(try Directory.names(in: directory) == [StorageMarker.name.string])
        }
    }

    @Test func memoryFilesAddToLimit() {
        #expect(ContainerLimits(memory: 10).memory(with: 5) == 15)
        #expect(ContainerLimits(memory: .max).memory(with: 5) == .max)
        #expect(ContainerLimits().memory(with: 5) == nil)
    }

    // MARK: What the runner reports

    private static func events(_ lines: [String]) -> (ContainerReport, [JobEvent]) {
        var report = ContainerReport(
            of: [Step(name: "a", command: ["x"]), Step(name: "b", command: ["x"])], mark: "M")
        var events: [JobEvent] = []
        for line in lines { report.take(Array(line.utf8)) { events.append($0) } }
        return (report, events)
    }

    @Test func marksAreNotOutputLines() {
        let (report, events) = Self.events([
            "", "M started 0", "one", "", "", "M ended 0 0 0", "", "M started 1", "half",
            "M ended 1 3 1", "", "M done",
        ])
        let lines = events.compactMap { event in
            if case .line(let step, let bytes) = event {
                "\(step):\(String(decoding: bytes, as: UTF8.self))"
            } else {
                nil
            }
        }
        #expect(lines == ["a:one", "a:", "b:half"])
        #expect(report.results.map(\.status) == [.exited(0), .exited(3)])
        #expect(report.results.map(\.ranOutOfMemory) == [false, true])
        #expect(report.end == .complete)
    }

    @Test func unmarkedOutputIsDockersComplaint() {
        let (report, events) = Self.events([
            "docker: Error response from daemon: no", "", "Run 'docker run --help'",
        ])
        #expect(events == [])
        #expect(report.complaint == "docker: Error response from daemon: no")
        #expect(report.end == .cutShort(step: nil))
    }

    @Test(arguments: [
        ("M failed no place", ContainerReport.End.failed("no place")),
        ("M foreign /dev/zentoo/3", .foreign("/dev/zentoo/3")),
    ])
    func obstaclesEndReport(_ line: String, _ end: ContainerReport.End) {
        #expect(Self.events(["", "M started 0", "", line]).0.end == end)
    }

    @Test func stepsCannotForgeMarks() {
        let (report, _) = Self.events(["", "M started 0", "N ended 0 0 0", "M ended 1 0 0"])
        #expect(report.results.isEmpty)
        #expect(report.end == .cutShort(step: Step(name: "a", command: ["x"])))
    }
}
