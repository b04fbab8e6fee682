import Engines
import Exec
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// What engines report about themselves.
enum EngineStatusClause {
    /// Checks that a job is reported while it runs, by its own engine only, and
    /// that its kept root is reported as long as it exists.
    static func check(
        _ engine: any ReportingEngine, _ other: (any ReportingEngine)?, stage: StageImage
    ) async throws {
        try await TemporaryDirectory.with { directory in
            try await check(engine, other, stage: stage, directory: directory)
        }
    }

    private static func check(
        _ engine: any ReportingEngine, _ other: (any ReportingEngine)?, stage: StageImage,
        directory: FilePath
    ) async throws {
        let seen = Mutex<[EngineStatus]>([])
        // The job runs until its status has been read.
        let script = "echo here; until [ -e /signals/seen ]; do sleep 0.1; done"
        let job = Job(
            id: "status-1", root: .overlay(stage),
            steps: [
                Step(
                    name: "one", command: ["sh", "-c", script],
                    mounts: [.readOnly(source: directory, target: "/signals")])
            ],
            keepsRoot: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (lines, bell) = AsyncStream<Void>.makeStream()
            group.addTask {
                // Also if the run fails: the loop below waits for a line.
                defer { bell.finish() }
                _ = try await engine.run(job) { if case .line = $0 { bell.yield() } }
            }
            var hasBegun = false
            for await _ in lines {
                hasBegun = true
                break
            }
            if !hasBegun { try await group.waitForAll() }
            let asked = try await [engine.status()] + [other?.status()].compactMap(\.self)
            seen.withLock { $0 = asked }
            try EngineContractStage.write("", to: directory.appending("seen"))
            try await group.waitForAll()
        }
        let statuses = seen.withLock { $0 }
        let place = try #require(statuses.first?.places.first)
        #expect(statuses.first?.engine == engine.name)
        #expect(place.jobs == [.init(id: job.id, state: .running)])
        #expect(!place.name.isEmpty && (place.processors ?? 0) > 0 && (place.memory ?? 0) > 1 << 20)
        for status in statuses.dropFirst() { #expect(status.places.first?.jobs == []) }
        let after = try await engine.status()
        #expect(after.places.first?.jobs == [.init(id: job.id, state: .kept)])
    }
}
