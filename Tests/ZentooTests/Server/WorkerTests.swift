@testable import Builds
import Engines
import Exec
import Files
import Git
@testable import Records
@testable import Server
@testable import Sites
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// A worker whose engine cannot build: what happens to the queue's entries.
@Suite(.endsHangs) struct WorkerTests {
    /// The events that a worker reported.
    private final class Told: Sendable {
        private let events = Mutex<[WorkerEvent]>([])

        func note(_ event: WorkerEvent) { events.withLock { $0.append(event) } }

        var endings: [WorkerEnding] {
            events.withLock {
                $0.compactMap { if case .ended(let ending) = $0 { ending } else { nil } }
            }
        }

        /// The entries that were still waiting when a worker ended.
        var left: [String] {
            events.withLock {
                $0.flatMap { event in
                    if case .left(let keys, _) = event { keys } else { [String]() }
                }
            }
        }

        var begun: Int {
            events.withLock {
                $0.count { if case .began = $0 { true } else { false } }
            }
        }
    }

    private func worker(
        _ fixture: PushFixture, engine: FakeEngine, told: Told,
        _ change: (inout Worker.Options) -> Void = { _ in }
    ) throws -> Worker {
        let machine = Machine(
            repository: fixture.temporary.gitDirectory, state: fixture.state, engine: engine,
            privileges: .ofTests, remote: nil, identity: TemporaryRepository.signature,
            signer: nil, git: fixture.temporary.git, sources: [:], parallelism: 1)
        var options = Worker.Options()
        change(&options)
        return Worker(
            machine: machine, sites: fixture.sites, options: options, report: { told.note($0) })
    }

    private func queueOne(_ fixture: inout PushFixture) async throws {
        try await fixture.feeder().begin()
        fixture.site["portage/base", "package.use/web"] = "a/b c\n"
        let push = try fixture.push()
        try fixture.accept(push)
        _ = try await fixture.feeder().feed(push, by: "alice")
    }

    @Test func unavailableEngineClaimsNothing() async throws {
        try await PushFixture.with { fixture in
            try await queueOne(&fixture)
            let engine = FakeEngine(checkError: EngineError(.unavailable, "no bubblewrap"))
            let worker = try worker(fixture, engine: engine, told: Told())
            await #expect(throws: EngineError.self) { try await worker.run() }
            #expect(try fixture.queue().items(.waiting).count == 1)
        }
    }

    @Test func temporaryErrorIsRetriedFourTimes() async throws {
        try await PushFixture.with { fixture in
            try await queueOne(&fixture)
            let told = Told()
            // The stage's source does not exist.
            let worker = try worker(fixture, engine: FakeEngine(), told: told) {
                $0.endsWhenIdle = true
            }
            for attempt in 1...4 {
                // The entry still waits, so the run is not a success.
                #expect(try await !worker.run())
                let waiting = try fixture.queue().items(.waiting)
                #expect(waiting.map(\.entry.attempts) == [attempt])
                #expect(waiting.map(\.entry.reason) == [told.endings.last?.reason])
            }
            #expect(try await !worker.run())
            #expect(told.endings.map(\.kind) == Array(repeating: .postponed, count: 4) + [.failed])
            #expect(try fixture.queue().items(.waiting).isEmpty)
            let failed = try fixture.queue().items(.failed)
            #expect(failed.map(\.entry.reason) == [told.endings.last?.reason])
            #expect(try fixture.queue().items(.running).isEmpty)
        }
    }

    /// A permanent error is a failure at once.
    @Test func permanentErrorIsNotRetried() async throws {
        try await PushFixture.with { fixture in
            let repository = try fixture.temporary.open()
            try await fixture.feeder().begin()
            fixture.site["portage/base", "package.use/web"] = "a/b c\n"
            let push = try fixture.push()
            try fixture.accept(push)
            let outcomes = try await fixture.feeder().feed(push, by: "alice")
            try Self.makeStage(fixture)
            // Such a tree is refused in a push, but may exist already.
            let bad = try repository.writeTree([
                TreeEntry("x", .symlink, repository.writeBlob([UInt8]()))
            ])
            try TemporaryDirectory.with { directory in
                #expect(throws: GitError.self) {
                    try repository.export(tree: bad, to: directory.appending("out"))
                }
            }
            let engine = FakeEngine { _ in
                throw GitError(.invalid, "cannot make link 'x': its target is empty or no path")
            }
            let told = Told()
            let isClean = try await worker(fixture, engine: engine, told: told) {
                $0.endsWhenIdle = true
            }.run()
            #expect(!isClean)
            #expect(told.endings.map(\.kind) == [.failed])
            #expect(try fixture.queue().items(.waiting).isEmpty)

            // A waiting pusher is told about it, although it ended before the follower
            // started.
            var news: [QueueFollower.News] = []
            let isBuilt = try await QueueFollower(
                repository: fixture.temporary.gitDirectory, state: fixture.state
            ).follow(outcomes) {
                news.append($0)
                return true
            }
            #expect(!isBuilt)
            guard case .failed(let key, let reason, _, _) = news.last else {
                Issue.record("not told: \(news)")
                return
            }
            #expect(key == "main/a-base-default-web")
            #expect(reason.hasPrefix("cannot make link"))
        }
    }

    @Test func permanentErrorsAreDistinguishedFromTemporary() {
        let lasting: [any Error] = [
            FileError("make directory", "/x", .fileNameTooLong), GitError(.system(36), "x"),
            GitError(.invalid, "x"), EngineError(.unsupported, "x"),
            ZentooError(.unsupported, "x"), ZentooError(.mistakes, "x"),
            StageError(.lockMismatch, "x"), StageError(.notARoot, "x"),
            RepositoryError(.noRevision, "x"),
        ]
        let passing: [any Error] = [
            FileError("write", "/x", .noSpace), GitError(.locked, "x"),
            EngineError(.noSpace, "x"), EngineError(.unavailable, "x"),
            ZentooError(.busy, "x"), StageError(.fetch, "x"), StageError(.notFound, "x"),
            RepositoryError(.fetch, "x"),
        ]
        for error in lasting { #expect(LastingError.isOne(error), "\(error)") }
        for error in passing { #expect(!LastingError.isOne(error), "\(error)") }
    }

    @Test func newCommitIsDueDespitePostponedOne() async throws {
        try await PushFixture.with { fixture in
            try await queueOne(&fixture)
            let machine = try worker(fixture, engine: FakeEngine(), told: Told()).machine
            var round = WorkerRound(machine: machine, sites: fixture.sites, options: .init())
            let queue = try fixture.queue()
            let entry = try #require(try round.due(queue).first?.entry)
            round.note(WorkerEnding(entry: entry, kind: .postponed))
            #expect(try round.due(queue).isEmpty)
            fixture.site["portage/base", "package.use/web"] = "a/b d\n"
            let push = try fixture.push()
            try fixture.accept(push)
            _ = try await fixture.feeder().feed(push, by: "alice")
            let next = try round.due(queue).map(\.entry.commit)
            #expect(next.count == 1 && next != [entry.commit])
        }
    }

    @Test func staleLocksAreRemoved() async throws {
        try await PushFixture.with { fixture in
            try await queueOne(&fixture)
            let git = fixture.temporary.gitDirectory
            let locks = [
                "packed-refs.lock", "refs/zentoo/queue/waiting/main/a-base-default-web.lock",
            ]
            .map { git.pushing(FilePath($0)) }
            for lock in locks {
                try FileContent.write([], to: lock)
                try await Invocation("touch", ["-d", "1 minute ago", "\(lock)"]).run().orThrow()
            }
            try await worker(fixture, engine: FakeEngine(), told: Told()) { $0.endsWhenIdle = true }
                .run()
            for lock in locks { #expect(try FileStatus.of(lock) == nil) }
            #expect(try fixture.queue().items(.waiting).map(\.entry.attempts) == [1])
        }
    }

    @Test func pausedQueueIsNotBuilt() async throws {
        try await PushFixture.with { fixture in
            try await queueOne(&fixture)
            try fixture.queue().pause(QueuePause(by: "alice"))
            let told = Told()
            let isClean = try await worker(fixture, engine: FakeEngine(), told: told) {
                $0.endsWhenIdle = true
            }.run()
            #expect(told.begun == 0)
            #expect(try fixture.queue().items(.waiting).count == 1)
            #expect(!isClean)
            #expect(told.left == ["main/a-base-default-web"])
        }
    }

    @Test func knownFailureIsNotBuiltAgainUnlessForced() async throws {
        try await PushFixture.with { fixture in
            try await queueOne(&fixture)
            let entry = try #require(try fixture.queue().items(.waiting).first?.entry)
            try await Self.recordFailure(of: entry, in: fixture)
            // It is not queued again either.
            try fixture.queue().remove(entry.key)
            let site = try Site(entry.site, in: fixture.temporary.open(), remote: nil)
            let outcomes = try await fixture.feeder().feed(
                site.declaredTuples, of: site, by: "alice", priority: 0,
                isForced: false)
            #expect(outcomes.map(\.kind) == [.failing])
            #expect(outcomes.first?.failure?.package == "app-misc/zen-1")
            // An entry that was queued before the failure was recorded.
            try fixture.queue().add(entry)
            let told = Told()
            let engine = FakeEngine()
            let worker = try worker(fixture, engine: engine, told: told) { $0.endsWhenIdle = true }
            try await worker.run()
            #expect(told.endings.map(\.kind) == [.failed])
            #expect(engine.jobs.isEmpty)
            _ = try fixture.queue().retry(entry.key, by: "alice")
            try await worker.run()
            #expect(told.endings.map(\.kind) == [.failed, .postponed])
        }
    }

    private static func recordFailure(of entry: QueueEntry, in fixture: PushFixture) async throws {
        let repository = try fixture.temporary.open()
        let digest = try #require(SHA256Digest(SiteFixture.digest))
        let result = BuildResult(
            build: .make(), status: .failure, series: try #require(entry.series),
            commit: entry.commit, tree: try repository.tree(ofCommit: entry.commit), flavour: "f",
            chost: "c", stage: digest, engine: "fake", duration: 1,
            failure: BuildResult.Failure(phase: "compile", package: "app-misc/zen-1"),
            tagger: TemporaryRepository.signature)
        _ = try await Recorder(repository).record(FinishedBuild(result: result, packages: []))
    }

    @Test func unqueuedPushIsFound() async throws {
        try await PushFixture.with { fixture in
            try await fixture.feeder().begin()
            fixture.site["portage/base", "package.use/web"] = "a/b c\n"
            try fixture.accept(fixture.push())
            let told = Told()
            try await worker(fixture, engine: FakeEngine(), told: told) { $0.endsWhenIdle = true }
                .run()
            #expect(told.begun == 1)
        }
    }

    /// The stage exists and a build hangs in it.
    @Test func stoppedWorkerRequeuesItsBuild() async throws {
        try await PushFixture.with { fixture in
            try await queueOne(&fixture)
            try Self.makeStage(fixture)
            let entry = try #require(try fixture.queue().items(.waiting).first?.entry)
            let told = Told()
            let engine = FakeEngine { _ in FakeEngine.Behaviour(hangs: true) }
            let worker = try worker(fixture, engine: engine, told: told)
            let queue = { @Sendable [temporary = fixture.temporary] in
                BuildQueue(try temporary.open())
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await worker.run() }
                while engine.jobs.isEmpty { try? await Task.sleep(for: .milliseconds(20)) }
                #expect((try? queue().items(.running).first?.entry.claim?.build) != nil)
                group.cancelAll()
            }
            #expect(try fixture.queue().items(.running).isEmpty)
            #expect(try fixture.queue().items(.waiting).map(\.entry) == [entry])
        }
    }

    @Test(arguments: [true, false])
    func cancelledOrSupersededBuildIsStopped(_ isCancelled: Bool) async throws {
        try await PushFixture.with { fixture in
            try await queueOne(&fixture)
            try Self.makeStage(fixture)
            let told = Told()
            let engine = FakeEngine { _ in FakeEngine.Behaviour(hangs: true) }
            let worker = try worker(fixture, engine: engine, told: told) {
                $0.stopsSuperseded = true
            }
            let key = "main/a-base-default-web"
            fixture.site["portage/base", "package.use/web"] = "a/b d\n"
            let next = try fixture.push()
            let fixture = fixture
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await worker.run() }
                try await Patience.wait(for: "a job is begun") { !engine.jobs.isEmpty }
                if isCancelled {
                    _ = try fixture.queue().requestCancellation(key)
                    try fixture.feeder().wakeWorkers()
                } else {
                    try fixture.accept(next)
                    _ = try await fixture.feeder().feed(next, by: "bob")
                }
                try await Patience.wait(for: "the build is stopped") { !told.endings.isEmpty }
                group.cancelAll()
            }
            #expect(told.endings.first?.kind == (isCancelled ? .cancelled : .superseded))
            #expect(try fixture.queue().items(.cancelled).isEmpty)
            #expect(
                try fixture.queue().items(.waiting).map(\.entry.pusher)
                    == (isCancelled ? [] : ["bob"]))
        }
    }

    /// Creates what a build needs before its first job.
    static func makeStage(_ fixture: PushFixture) throws {
        let digest = try #require(SHA256Digest(SiteFixture.digest))
        let store = StageStore(state: fixture.state.path, privileges: .ofTests)
        let info = StageInfo(
            name: try ZentooName("openrc"), source: "/srv/stage",
            pin: StagePin(digest: digest, verifiedBy: nil), tree: digest)
        let stage = store.path(of: digest)
        try Directory.create(stage.appending("tree"))
        try FileContent.write(Array(info.text.utf8), to: stage.appending("stage"))
        try Directory.create(
            fixture.state.path.appending("repos/gentoo/sha256-\(SiteFixture.digest)/tree"))
    }
}
