import Git
@testable import Server
@testable import Sites
import TestSupport
import Testing

/// Which tuples a push queues.
@Suite struct QueueFeederTests {
    /// Three tuples over two portage branches.
    static var site: SiteFixture {
        var site = SiteFixture()
        site["main", "config/tuples"] =
            "a-base-default-web\na-desk-default-web\nb-desk-default-web\n"
        site["main", "config/cpu/b"] = "CFLAGS=\"-O1\"\n"
        site["portage/desk", "make.conf"] = "USE=\"X\"\n"
        return site
    }

    static let alice = "alice"

    /// Pushes `site` as it is and returns what was queued, in order.
    private func push(
        _ fixture: PushFixture, options: PushOptions = PushOptions()
    ) async throws -> [String] {
        let push = try fixture.push()
        try fixture.accept(push)
        return Self.shown(
            try await fixture.feeder().feed(push, by: Self.alice, options: options))
    }

    static func shown(_ outcomes: [QueueFeeder.Outcome]) -> [String] {
        outcomes.map { outcome in
            "\(outcome.tuple) \(outcome.kind.rawValue) \(outcome.place ?? 0) "
                + outcome.changes.joined(separator: ",")
        }
    }

    @Test func onlyChangedTuplesAreQueuedWithReason() async throws {
        try await PushFixture.with(Self.site) { fixture in
            try await fixture.feeder().begin()
            fixture.site["portage/desk", "package.use"] = "a/b c\n"
            #expect(
                try await push(fixture) == [
                    "a-desk-default-web queued 1 portage/desk: package.use",
                    "b-desk-default-web queued 2 portage/desk: package.use",
                ])
            fixture.site["main", "config/cpu/b"] = "CFLAGS=\"-O2\"\n"
            #expect(
                try await push(fixture) == [
                    "b-desk-default-web superseded 2 main: config/cpu/b"
                ])
            // These changes affect no build.
            fixture.site["main", "README"] = "words\n"
            fixture.site["portage/other", "make.conf"] = "USE=\"\"\n"
            #expect(try await push(fixture) == [])
            let waiting = try fixture.queue().items(.waiting).map(\.entry)
            #expect(
                waiting.map(\.changes) == [
                    ["portage/desk: package.use"],
                    ["portage/desk: package.use", "main: config/cpu/b"],
                ])
        }
    }

    @Test func queuedTupleCanBeComposedAgain() async throws {
        try await PushFixture.with(Self.site) { fixture in
            try await fixture.feeder().begin()
            fixture.site["portage/base", "package.use/web"] = "a/b c\n"
            _ = try await push(fixture)
            let entry = try #require(try fixture.queue().items(.waiting).first?.entry)
            // The branches move on.
            fixture.site["portage/base", "package.use/web"] = "a/b d\n"
            try fixture.accept(fixture.push())
            let finder = BranchFinder(
                repository: try fixture.temporary.open(), remote: nil, replacing: entry.heads)
            let site = try Site(entry.site, finder, state: nil)
            let commit = try TupleComposer(site).compose(site.tuple(named: entry.tuple)).commit
            #expect(commit == entry.commit)
        }
    }

    @Test func changedInputsAreNamed() async throws {
        try await PushFixture.with(Self.site) { fixture in
            try await fixture.feeder().begin()
            fixture.site["main", "config/portage/sets/web"] = "www-servers/nginx\n"
            fixture.site["main", "config/tuples"] =
                "a-base-default-web rebuild=any-change\nb-base-default-web\n"
            fixture.site["buildhooks/default", "services"] = "nginx boot\n"
            let outcomes = try await push(fixture)
            #expect(
                outcomes[0..<2] == [
                    "a-desk-default-web gone 0 ", "b-desk-default-web gone 0 ",
                ])
            let changes = try fixture.queue().item(.waiting, "main/a-base-default-web")?.entry
                .changes
            #expect(
                Set(changes ?? []) == [
                    "buildhooks/default: services", "main: options",
                    "main: config/portage/sets/tools", "main: config/portage/sets/web",
                ])
            #expect(outcomes.last == "b-base-default-web queued 2 main: new tuple")
        }
    }

    @Test func optionsSelectAndPrioritize() async throws {
        try await PushFixture.with(Self.site) { fixture in
            try await fixture.feeder().begin()
            var options = PushOptions()
            options.skips = true
            fixture.site["portage/base", "package.use/web"] = "a/b c\n"
            #expect(
                try await push(fixture, options: options) == [
                    "a-base-default-web skipped 0 portage/base: package.use/web"
                ])
            options = PushOptions()
            options.only = [try #require(TuplePattern("b-*-*-*"))]
            options.priority = 7
            fixture.site["portage/desk", "package.use"] = "a/b c\n"
            #expect(
                try await push(fixture, options: options) == [
                    "a-desk-default-web skipped 0 portage/desk: package.use",
                    "b-desk-default-web queued 1 portage/desk: package.use",
                ])
            #expect(try fixture.queue().items(.waiting).map(\.entry.priority) == [7])
        }
    }

    @Test func pushOfKilledHookIsFoundByNext() async throws {
        try await PushFixture.with(Self.site) { fixture in
            try await fixture.feeder().begin()
            fixture.site["portage/base", "package.use/web"] = "a/b c\n"
            try fixture.accept(fixture.push())
            #expect(
                Self.shown(try await fixture.feeder().feedChanges(by: Self.alice)) == [
                    "a-base-default-web queued 1 portage/base: package.use/web"
                ])
            #expect(try await fixture.feeder().feedChanges(by: Self.alice).isEmpty)
        }
    }

    @Test func concurrentPushesQueueNewerOne() async throws {
        try await PushFixture.with(Self.site) { fixture in
            try await fixture.feeder().begin()
            fixture.site["portage/base", "package.use/web"] = "a/b c\n"
            let first = try fixture.push()
            try fixture.accept(first)
            fixture.site["portage/base", "package.use/web"] = "a/b d\n"
            let second = try fixture.push()
            try fixture.accept(second)
            _ = try await fixture.feeder().feed(second, by: Self.alice)
            #expect(try await fixture.feeder().feed(first, by: Self.alice).isEmpty)
            let entry = try #require(try fixture.queue().items(.waiting).first?.entry)
            let base = try #require(second.changes.first?.new)
            #expect(entry.heads["portage/base"] == base)
        }
    }

    @Test func firstPushIsQueuedWithoutKnownHeads() async throws {
        try await PushFixture.with(Self.site) { fixture in
            fixture.site["portage/base", "package.use/web"] = "a/b c\n"
            let outcomes = try await push(fixture)
            #expect(outcomes == ["a-base-default-web queued 1 portage/base: package.use/web"])
        }
    }

    @Test func brokenTuplesAreReported() async throws {
        try await PushFixture.with(Self.site) { fixture in
            try await fixture.feeder().begin()
            fixture.site["main", "config/zentoo.lock"] = ""
            let push = try fixture.push()
            try fixture.accept(push)
            let outcomes = try await fixture.feeder().feed(push, by: Self.alice)
            #expect(outcomes.map(\.kind) == [.broken, .broken, .broken])
            #expect(
                outcomes.first?.reason
                    == "main:config/zentoo.lock: stage 'openrc' has never been added")
        }
    }
}
