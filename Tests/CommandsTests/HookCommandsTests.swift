import Files
import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// Installing and removing hooks, and what they do at real pushes.
@Suite struct HookCommandsTests {
    /// Writes a hook as a user would have before ours is installed.
    private func write(_ script: String, to path: FilePath) throws {
        try FileContent.write(
            Array(script.utf8), to: path, permissions: FilePermissions(rawValue: 0o755))
    }

    private func text(_ path: FilePath) throws -> String? {
        try FileContent.read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func hooksAreInstalledAndRemoved() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try TypedSession(directory)
            let server = directory.appending("server.git")
            let hook = server.appending("hooks/pre-receive")
            let stranger = "#!/bin/sh\necho stranger\n"
            try await session.git("init --quiet --bare server.git", in: ".")
            func type(_ line: String) async { await session.type(line, in: "server.git") }
            for line in ["status", "install", "install", "status", "remove", "remove"] {
                await type("hook \(line)")
            }
            #expect(try text(hook) == nil)

            // A user's hook is kept, is called first, and is restored by remove.
            try write(stranger, to: hook)
            for line in ["status", "install --json", "status --json"] {
                await type("hook \(line)")
            }
            #expect(try text(server.appending("hooks/pre-receive.local")) == stranger)
            // Our hook of another version is replaced; the user's hook is kept.
            let shim = try #require(try text(hook))
            try write(shim + "# older\n", to: hook)
            for line in ["status", "install", "remove"] { await type("hook \(line)") }
            #expect(try text(hook) == stranger)
            #expect(try text(server.appending("hooks/pre-receive.local")) == nil)

            // With two users' hooks nothing is changed.
            try write("#!/bin/sh\n", to: server.appending("hooks/pre-receive.local"))
            await type("hook install")
            #expect(try text(hook) == stranger)
            // If both names are one file, as a killed install leaves it, the install
            // completes.
            try FileContent.remove(server.appending("hooks/pre-receive.local"))
            #expect(
                try FileContent.link(hook, as: server.appending("hooks/pre-receive.local")))
            await type("hook install")
            #expect(try text(hook) == shim)
            #expect(try text(server.appending("hooks/pre-receive.local")) == stranger)
            await type("hook remove")

            // A hooks directory outside the repository may be shared with other
            // repositories.
            try await session.git("config core.hooksPath \(directory)/shared", in: "server.git")
            await type("hook install")
            try await session.git("config core.hooksPath own", in: "server.git")
            try await session.git("config receive.fsckObjects false", in: "server.git")
            await type("hook install")
            #expect(try text(server.appending("own/pre-receive")) == shim)
            await session.type("init site", in: ".")
            await session.type("hook install")
            try assertSnapshot(session.transcript, named: "site/hooks")
        }
    }

    @Test func onlyBuildersMayPushResults() async throws {
        try await PushSession.with { session in
            try await session.session.git("tag zentoo/main/x/1", in: "client.git")
            let names = ["zentoo/main/x/1", "main:refs/zentoo/latest/main/x", "main:root/desk"]
            #expect(try await session.push(names[0], names[1], names[2]) == 1)
            #expect(try await session.push("main:refs/notes/zentoo", "main:topic") == 1)
            #expect(try await session.push("main:topic") == 0)
            try await session.session.git(
                "config --add zentoo.allowBuilder alice", in: "server.git")
            session.variables["ZENTOO_PUSHER"] = "eve"
            #expect(try await session.push("main:refs/notes/zentoo") == 1)
            session.variables["ZENTOO_PUSHER"] = "alice"
            #expect(try await session.push(names[0], names[1], names[2]) == 0)
            #expect(try await session.push("main:portage/a/b", "main:buildhooks/Big") == 1)
            try assertSnapshot(session.transcript, named: "site/pushed-results")
        }
    }

    @Test func mistakesAreRefused() async throws {
        try await PushSession.with { session in
            // A site created by init has no stage yet. Pushes to a branch are still
            // accepted; a push of the site itself is not.
            try session.commit(to: "portage/base", ["package.use/x": "app-misc/x nls\n"])
            #expect(try await session.push("portage/base") == 0)
            try session.commit(to: "main", ["config/repos": "gentoo /srv/gentoo\n"])
            #expect(try await session.push("main") == 1)
            try session.commit(to: "main", PushSession.site)
            #expect(try await session.push("main") == 0)

            try session.commit(
                to: "portage/base",
                [
                    "package.use/x": "app-misc/x nls\napp-misc/y cpu_flags_x86_avx\n",
                    "patches/sys-apps": .link("/etc/passwd"), "module": .gitlink,
                ])
            try session.commit(
                to: "buildhooks/default",
                ["premerge.d/10-x": "#!/bin/sh\n", "copy/etc/portage/make.conf": "USE=\"x\"\n"])
            try session.commit(
                to: "main",
                ["config/tuples": "x86-64-v3-base-default-base stage=musl\nnone-base-x-y\n"])
            #expect(try await session.push("portage/base", "buildhooks/default", "main") == 1)
            #expect(try await session.push(":portage/base") == 1)
            #expect(try await session.push(":buildhooks/default", ":main") == 1)

            try await session.session.git("config zentoo.maxFileSize 1k", in: "server.git")
            try session.commit(
                to: "portage/large", ["big": .file(String(repeating: "x", count: 2000))])
            #expect(try await session.push("portage/large") == 1)
            try await session.session.git("config zentoo.maxFileSize 1m", in: "server.git")
            #expect(try await session.push("portage/large") == 0)

            // The branch is deleted together with the tuple that used it.
            try await session.session.git(
                "fetch --quiet origin +main:main +portage/base:portage/next", in: "client.git")
            try session.commit(
                to: "main", ["config/tuples": "x86-64-v3-next-default-base\n"])
            #expect(try await session.push("main", "portage/next", ":portage/base") == 0)
            try assertSnapshot(session.transcript, named: "site/pushed-mistakes")
        }
    }

    /// git stores names and links that no file system accepts; each is refused with
    /// its location.
    @Test func impossibleFileNamesAreRefused() async throws {
        try await PushSession.with { session in
            try session.commit(to: "main", PushSession.site)
            #expect(try await session.push("main") == 0)
            let long = String(repeating: "x", count: 256)
            try session.commit(
                to: "portage/base",
                ["package.use/\(long)": "app-misc/x nls\n", "patches/x": .link("")])
            try session.commit(
                to: "buildhooks/default",
                ["copy/etc/\(long)": "x\n", "copy/etc/empty": .link("")])
            try session.commit(to: "main", ["docs/empty": .link("")])
            #expect(try await session.push("portage/base", "buildhooks/default", "main") == 1)
            for place in [
                "portage/base:patches/x", "buildhooks/default:copy/etc/empty", "main:docs/empty",
            ] {
                #expect(
                    session.transcript.contains("\(place): symbolic link without a target"),
                    "\(place)")
            }
            for place in ["portage/base:package.use/xxx", "buildhooks/default:copy/etc/xxx"] {
                #expect(session.transcript.contains(place))
            }
            #expect(
                session.transcript.contains("the name has 256 bytes, a file's has at most 255"))
            #expect(session.transcript.contains("push refused: 5 mistakes"))
        }
    }

    @Test func existingHookRunsFirstAndMayRefuse() async throws {
        try await PushSession.with { session in
            let local = session.server.appending("hooks/pre-receive.local")
            try write("#!/bin/sh\necho \"asked for $(cut -d' ' -f3)\"\n", to: local)
            #expect(try await session.push("main:one", "main:two") == 0)
            #expect(try await session.push("main:root/x") == 1)
            // A hook that does not read its standard input.
            try write("#!/bin/sh\nexit 3\n", to: local)
            #expect(try await session.push("main:three") == 1)
            try assertSnapshot(session.transcript, named: "site/pushed-past-others")
        }
    }

    @Test func missingProgramRefusesPush() async throws {
        try await PushSession.with { session in
            session.variables["PATH"] = session.session.environment["PATH"]
            let status = try await session.push("main:topic")
            #expect(status == 1)
            #expect(session.transcript.contains("cannot find program 'git-zentoo'"))
            #expect(session.transcript.contains("rm /tmp/test/server.git/"))
        }
    }
}
