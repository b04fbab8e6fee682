import Files
import Git
@testable import Records
@testable import Server
@testable import Sites
import TestSupport
import Testing

/// The queue in the repository.
@Suite struct BuildQueueTests {
    /// Returns an entry of the fixture's tuple at a commit.
    static func entry(
        _ fixture: PushFixture, tuple: String = "a-base-default-web", by pusher: String = "alice",
        at seconds: Int64 = 1_000, priority: Int = 0,
        changes: [String] = ["portage/base: make.conf"]
    ) throws -> QueueEntry {
        let commit = try #require(try fixture.heads()[RefName.branch("main")])
        let moment = Timestamp(seconds: seconds)
        return QueueEntry(
            site: try ZentooName("main"), tuple: tuple, commit: commit,
            heads: ["main": commit], pusher: pusher, queued: moment, since: moment,
            priority: priority, changes: changes, isForced: false)
    }

    @Test func entryRoundTrips() async throws {
        try await PushFixture.with { fixture in
            var entry = try Self.entry(
                fixture, changes: ["portage/base: a\nPriority: 99\nClaim: x", "b 100%"])
            entry.claim = QueueEntry.Claim(
                token: "t", worker: "host 1", started: Timestamp(seconds: 5), build: .make())
            entry.reason = "it broke\nbadly"
            entry.hints = ["Portage: one\nClaim: y", "two"]
            #expect(try QueueEntry(entry.tag()) == entry)
        }
    }

    @Test func newerPushSupersedesOlder() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            #expect(try queue.add(Self.entry(fixture)) == .queued)
            #expect(try queue.add(Self.entry(fixture, at: 2_000)) == .known)
            #expect(try queue.add(Self.entry(fixture, tuple: "a-b-c-d", at: 1_500)) == .queued)
            fixture.site["main", "README"] = "more"
            try fixture.accept(fixture.push())
            let newer = try Self.entry(fixture, by: "bob", at: 3_000, changes: ["main: README"])
            #expect(try queue.add(newer) == .superseded)
            let waiting = try queue.items(.waiting)
            #expect(waiting.map(\.entry.tuple) == ["a-base-default-web", "a-b-c-d"])
            #expect(waiting[0].entry.commit == newer.commit)
            #expect(waiting[0].entry.pusher == "bob")
            #expect(waiting[0].entry.changes == ["portage/base: make.conf", "main: README"])
        }
    }

    @Test func queueIsOrderedByPriorityThenTime() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            for (tuple, seconds, priority) in [
                ("b-b-c-d", 1, 0), ("a-b-c-d", 1, 0), ("c-b-c-d", 9, 5), ("d-b-c-d", 0, -5),
            ] {
                try queue.add(
                    Self.entry(fixture, tuple: tuple, at: Int64(seconds), priority: priority))
            }
            let order = try queue.items(.waiting).map { $0.entry.tuple.prefix(1) }
            #expect(order == ["c", "a", "b", "d"])
        }
    }

    @Test func entryIsClaimedOnce() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            try queue.add(Self.entry(fixture))
            let item = try #require(try queue.items(.waiting).first)
            #expect(try queue.claim(item, worker: "one") != nil)
            #expect(try queue.claim(item, worker: "two") == nil)
            #expect(try queue.items(.waiting).isEmpty)
            #expect(try queue.items(.running).map(\.entry.claim?.worker) == ["one"])
        }
    }

    @Test func claimFailsAfterNewerPush() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            try queue.add(Self.entry(fixture))
            let old = try #require(try queue.items(.waiting).first)
            try queue.add(Self.entry(fixture, priority: 1))
            #expect(try queue.claim(old, worker: "one") == nil)
            #expect(try queue.items(.running).isEmpty)
            #expect(try queue.items(.waiting).count == 1)
        }
    }

    @Test func deadClaimsAreFreedAndLateFinishIsIgnored() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            try Directory.create(fixture.state.locks)
            try queue.add(Self.entry(fixture))
            let waiting = try #require(try queue.items(.waiting).first)
            let late = try #require(try queue.claim(waiting, worker: "one"))
            // The claim is alive while its lock is held, and dead otherwise.
            let lock = BuildQueue.lock(late.entry.key, in: fixture.state)
            let freed = try await FileLock.holding(lock) {
                try queue.freeDeadClaims(in: fixture.state)
            }
            #expect(freed.isEmpty)
            #expect(try queue.freeDeadClaims(in: fixture.state).map(\.key) == [late.entry.key])
            let again = try #require(try queue.items(.waiting).first)
            let second = try #require(try queue.claim(again, worker: "two"))
            #expect(try !queue.finish(late))
            #expect(try !queue.finish(late, reason: "late"))
            #expect(try !queue.requeue(late))
            #expect(try queue.began(.make(), of: late) == nil)
            #expect(try queue.items(.running) == [second])
            #expect(try queue.items(.failed).isEmpty)
            #expect(try queue.finish(second))
            #expect(try queue.items(.running).isEmpty)
        }
    }

    @Test func interruptedClaimLosesNothing() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            try Directory.create(fixture.state.locks)
            try queue.add(Self.entry(fixture))
            let waiting = try #require(try queue.items(.waiting).first)
            // Killed between the two reference updates of a claim: the entry exists twice.
            let claimed = try #require(try queue.claim(waiting, worker: "one"))
            _ = try queue.put(waiting.entry, .waiting, expecting: .absent)
            #expect(try queue.freeDeadClaims(in: fixture.state).count == 1)
            #expect(try queue.items(.waiting).map(\.entry) == [waiting.entry])
            #expect(try queue.items(.running).isEmpty)
            #expect(try !queue.holds(claimed))
        }
    }

    @Test func failedEntryIsRetriedOnRequest() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            try queue.add(Self.entry(fixture))
            let waiting = try #require(try queue.items(.waiting).first)
            let claimed = try #require(try queue.claim(waiting, worker: "one"))
            try queue.finish(claimed, reason: "it broke")
            #expect(try queue.items(.failed).map(\.entry.reason) == ["it broke"])
            let entry = try #require(try queue.retry(claimed.entry.key, by: "bob"))
            #expect(entry.isForced)
            #expect(try queue.items(.failed).isEmpty)
            #expect(try queue.items(.waiting).map(\.entry) == [entry])
            #expect(try queue.retry(claimed.entry.key, by: "bob") == nil)
        }
    }

    @Test func pauseKeepsUserAndReason() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            #expect(try queue.pause() == nil)
            let pause = QueuePause(
                by: "alice", since: Timestamp(milliseconds: 1_234), reason: "new disks\nx")
            try queue.pause(pause)
            #expect(try queue.pause() == pause)
            #expect(try queue.resume())
            #expect(try queue.pause() == nil)
        }
    }

    @Test func queueIsReadableWithPlainGit() async throws {
        try await PushFixture.with { fixture in
            let queue = try fixture.queue()
            try queue.add(Self.entry(fixture))
            try queue.pause(QueuePause(by: "alice"))
            let line = try await fixture.temporary.git(
                "for-each-ref", "refs/zentoo/queue/waiting",
                "--format=%(refname) %(taggername) %(contents:trailers:key=Changed,valueonly)")
            #expect(
                line.split(separator: "\n") == [
                    "refs/zentoo/queue/waiting/main/a-base-default-web alice "
                        + "portage/base: make.conf"
                ])
            try await fixture.temporary.git("gc", "--quiet", "--prune=now")
            #expect(
                try await fixture.temporary.git.checkIntegrity(
                    gitDirectory: fixture.temporary.gitDirectory) == [])
            #expect(try queue.items(.waiting).count == 1)
        }
    }
}
