@testable import Commands
import Exec
import Files
import Git
@testable import Server
import SystemPackage
import TestSupport
import Testing

/// Real pushes that queue builds, and the queue commands as a user types them.
@Suite struct QueuePushTests {
    /// A server and a clone of it.
    struct Network {
        var session: TypedSession

        /// Pushes; returns what the hook says to the pusher and whether the push was
        /// accepted.
        func push(_ arguments: String...) async throws -> (said: String, entered: Bool) {
            let completion = try await invocation(["push"] + arguments, in: "clone").run()
            let lines = String(decoding: completion.errors, as: UTF8.self).split(separator: "\n")
                .filter { $0.hasPrefix("remote: ") }
                .map { $0.dropFirst("remote: ".count).reversed().drop { $0 == " " }.reversed() }
            return (lines.map { String($0) }.joined(separator: "\n"), completion.status.isSuccess)
        }

        func invocation(_ arguments: [String], in place: String) -> Invocation {
            var environment = session.environment
            environment["PATH", default: ""].insert(
                contentsOf: "\(BuiltPrograms.directory):", at: "".startIndex)
            return Invocation(
                "git", arguments, environment: environment,
                workingDirectory: session.directory.appending(place))
        }

        @discardableResult
        func git(_ arguments: String..., in place: String) async throws -> String {
            try await invocation(arguments, in: place).run().orThrow().text
        }

        /// Returns what git finds wrong with the server's repository.
        func damage() async throws -> [String] {
            try await GitProgram(environment: session.environment).checkIntegrity(
                gitDirectory: session.directory.appending("net.git"))
        }

        /// Commits files to the branch checked out in the clone.
        func commit(_ files: [String: String]) async throws {
            for (path, text) in files {
                let file = session.directory.appending("clone").pushing(FilePath(path))
                try Directory.create(file.removingLastComponent())
                try FileContent.write(Array(text.utf8), to: file)
            }
            try await git("add", "--all", in: "clone")
            try await git("commit", "--quiet", "-m", "change", in: "clone")
        }
    }

    private func with(_ body: (inout Network) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            var network = Network(session: try TypedSession(directory))
            await network.session.type("init --bare net.git", in: ".")
            try await network.git(
                "config", "zentoo.state", "\(directory)/state", in: "net.git")
            try await network.git("clone", "--quiet", "net.git", "clone", in: ".")
            // With a stage and a repository, the skeleton's site can be built.
            let digest = String(repeating: "5", count: 64)
            try await network.commit([
                "config/stages": "openrc /srv/stage\n",
                "config/zentoo.lock": """
                stage openrc sha256:\(digest)
                repository gentoo sha256:\(digest)

                """,
            ])
            try await body(&network)
        }
    }

    private let tuple = "x86-64-v3-base-default-base"

    private static let hasBubblewrap =
        SearchPath("/usr/local/bin:/usr/bin:/bin").find("bwrap") != nil

    @Test func pushReportsQueuedTuples() async throws {
        try await with { network in
            let (said, entered) = try await network.push("origin", "main")
            #expect(entered)
            #expect(
                said == """
                    queued 1 tuple:
                    PLACE  TUPLE                             WHAT IS NEW
                        1  main/\(tuple)  main: new tuple
                    """)
            try await network.git("switch", "--quiet", "portage/base", in: "clone")
            try await network.commit(["package.use/more": "app-misc/zen nls\n"])
            let second = try await network.push("origin", "portage/base")
            #expect(
                second.said.contains("portage/base: package.use/more (instead of an older one)"))
            let listed = await network.session.type("queue list", in: "net.git")
            #expect(listed.output.contains("waiting #1  main/\(tuple)"))
            let shown = await network.session.type("queue show \(tuple)", in: "net.git")
            #expect(shown.output.contains("  new       portage/base: package.use/more\n"))
            #expect(try await network.damage() == [])
        }
    }

    /// An idle worker takes a pushed tuple at once, and its stage can never be
    /// read: a waiting pusher is told how the build ended, whichever happens first.
    @Test(.enabled(if: hasBubblewrap, "needs bubblewrap"))
    func waitingPushReportsResultOfIdleWorker() async throws {
        try await with { network in
            let worker = network.invocation(["zentoo", "worker"], in: "net.git")
            let network = network
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await worker.run() }
                let presence = network.session.directory.pushing("state/locks/worker")
                while try FileStatus.of(presence) == nil
                    || FileLock.tryLock(presence) != nil
                {
                    try await Task.sleep(for: .milliseconds(20))
                }
                // The stage is pinned, and its source is of a kind that can never be read.
                try await network.commit(["config/stages": "openrc /dev/null\n"])
                let (said, entered) = try await network.push(
                    "-o", "zentoo.wait", "origin", "main")
                // git accepts the push whatever post-receive reports about the build.
                #expect(entered)
                #expect(said.contains("queued 1 tuple:"))
                #expect(said.contains("main/\(tuple): failed:"), "\(said)")
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
    }

    @Test func claimedTupleIsReportedAsQueued() throws {
        let outcome = QueueFeeder.Outcome(
            site: "main", tuple: tuple, kind: .queued, changes: ["main: new tuple"])
        #expect(
            QueuedPage(outcomes: [outcome], pause: nil).page.rendered(colored: false) == """
                queued 1 tuple:
                PLACE  TUPLE                             WHAT IS NEW
                  now  main/\(tuple)  main: new tuple

                """)
    }

    @Test func unknownPushOptionRefusesPush() async throws {
        try await with { network in
            let (said, entered) = try await network.push("-o", "zentoo.nothing", "origin", "main")
            #expect(!entered)
            #expect(said.hasPrefix("fatal: unknown push option 'zentoo.nothing'"))
        }
    }

    @Test func pushOptionsAreApplied() async throws {
        try await with { network in
            let (said, entered) = try await network.push("-o", "zentoo.skip", "origin", "main")
            #expect(entered)
            #expect(said == "not queued, as asked: 1 tuple")
            let listed = await network.session.type("queue", in: "net.git")
            #expect(listed.output == "nothing is queued\n")
        }
    }

    @Test func existingHookRunsFirst() async throws {
        try await with { network in
            let hooks = network.session.directory.appending("net.git/hooks")
            try FileContent.write(
                Array("#!/bin/sh\nread old new ref\necho first $ref\n".utf8),
                to: hooks.appending("post-receive.local"), permissions: .ownerReadWriteExecute)
            let (said, _) = try await network.push("origin", "main")
            #expect(said.hasPrefix("first refs/heads/main\nqueued 1 tuple:"))
        }
    }

    /// The other accounts that share the repository can write next to the files of
    /// one account.
    @Test func sharedRepositoryStaysGroupWritable() async throws {
        try await with { network in
            try await network.git(
                "init", "--quiet", "--bare", "--shared=group", "-b", "main", "shared.git", in: ".")
            try await network.git("config", "zentoo.state", "state", in: "shared.git")
            try await network.git(
                "push", "--quiet", "../shared.git", "main",
                "refs/remotes/origin/portage/*:refs/heads/portage/*",
                "refs/remotes/origin/buildhooks/*:refs/heads/buildhooks/*", in: "clone")
            try await network.git("zentoo", "hook", "install", in: "shared.git")
            try await network.git("zentoo", "queue", "add", tuple, in: "shared.git")
            try await network.git("switch", "--quiet", "portage/base", in: "clone")
            try await network.commit(["package.use/more": "app-misc/zen nls\n"])
            try await network.git("push", "--quiet", "../shared.git", "HEAD", in: "clone")
            let kept = try await Invocation(
                "find", [".", "-type", "d", "!", "-perm", "-g+w"],
                environment: network.session.environment,
                workingDirectory: network.session.directory.appending("shared.git")
            ).run().orThrow().text
            #expect(kept == "")
        }
    }

    @Test func queueCommandsChangeQueue() async throws {
        try await with { network in
            for line in ["queue pause -m disks", "queue"] {
                await network.session.type(line, in: "net.git")
            }
            _ = try await network.push("-o", "zentoo.skip", "origin", "main")
            for line in [
                "queue add", "queue add --force \(tuple)", "queue cancel \(tuple)",
                "queue cancel \(tuple)", "queue retry \(tuple)", "queue show \(tuple)",
                "queue cancel", "queue resume", "queue resume", "queue list --json",
                "queue add \(tuple) --priority 101",
            ] {
                await network.session.type(line, in: "net.git")
            }
            let transcript = network.session.transcript
                .replacing(#/ by '[^']*'( \d+ seconds? ago)?/#, with: " by 'somebody'")
            try assertSnapshot(transcript, named: "site/queue")
        }
    }

    @Test func concurrentPushesQueueNewestOfEachTuple() async throws {
        try await with { network in
            try await network.git("push", "--quiet", "origin", "main", in: "clone")
            let names = (0..<6).map { "b\($0)" }
            let network = network
            for name in names {
                try await network.git(
                    "push", "--quiet", "-o", "zentoo.skip", "origin",
                    "origin/portage/base:refs/heads/portage/\(name)", in: "clone")
            }
            let tuples = names.map { "x86-64-v3-\($0)-default-base\n" }.joined()
            try await network.commit(["config/tuples": tuples])
            try await network.git("push", "-o", "zentoo.skip", "origin", "main", in: "clone")
            // Each clone pushes to its own branch, four commits one after the other.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names {
                    group.addTask {
                        try await network.git("clone", "--quiet", "net.git", name, in: ".")
                        try await network.git(
                            "switch", "--quiet", "portage/\(name)", in: name)
                        for round in 1...4 {
                            let file = network.session.directory.appending(name)
                                .appending("package.license")
                            try FileContent.write(Array("*/* round\(round)\n".utf8), to: file)
                            try await network.git("commit", "--all", "-m", "x", in: name)
                            try await network.git("push", "--quiet", in: name)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let queued = try await network.git(
                "for-each-ref", "refs/zentoo/queue/waiting/main",
                "--format=%(contents:trailers:key=Head,valueonly)", in: "net.git")
            for name in names {
                let head = try await network.git("rev-parse", "portage/\(name)", in: "net.git")
                #expect(queued.split(separator: "\n").contains("\(head) portage/\(name)"))
            }
            #expect(try await network.damage() == [])
        }
    }
}
