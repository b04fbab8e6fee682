import Engines
import Exec
import Files
import Git
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// An untrusted source: git does not execute what it contains, no link is
/// followed out of it, and every byte is kept.
@Suite struct PatchSourceTests {
    /// Scripts for sh(1) that create a source as it may be unpacked, and change it.
    private static let unpack = """
        mkdir -p .git/hooks sub/.git/hooks vendor/.GIT 'a b' dir
        for d in .git sub/.git; do
            printf '[core]\\n\\tfsmonitor = touch %s; false\\n\\thooksPath = hooks\\n' \
                "$PWNED" >$d/config
            printf '#!/bin/sh\\ntouch %s\\n' "$PWNED" >$d/hooks/post-index-change
            chmod +x $d/hooks/post-index-change
        done
        printf '* filter=evil diff=evil text eol=crlf ident working-tree-encoding=UTF-16\\n' \
            >.gitattributes
        printf '*.c binary\\n' >>.gitattributes
        printf 'ignored*\\n' >.gitignore
        printf '[submodule "x"]\\n\\tpath = sub\\n\\turl = ext::touch %s\\n' "$PWNED" >.gitmodules
        printf 'one\\ntwo\\n' >zen.c
        printf 'a\\r\\nb\\r\\n' >crlf
        printf '$Id$\\n' >ident
        printf 'odd\\n' >'-rf'; printf 'odd\\n' >'a b/--help'
        printf 'odd\\n' >"$(printf 'latin\\351')"; printf 'odd\\n' >"$(printf 'tab\\t"q" \\\\')"
        ln -s "$OUTSIDE" out; ln -s "$OUTSIDE/precious" precious; ln -s ../../.. up
        : >vendor/.GIT/config; mkfifo fifo; cp /bin/true suid; chmod 4755 suid; printf 'x\\0y' >data
        : >empty; printf 'no newline' >end; printf '#!/bin/sh\\n' >run; chmod 755 run
        """

    private static let change = """
        printf 'one\\nTWO\\n' >zen.c; printf 'a\\r\\nB\\r\\nc\\r\\n' >crlf; printf 'x\\n' >>ident
        printf 'x\\n' >>'-rf'; printf 'x\\n' >>'a b/--help'; printf 'x\\n' >>"$(printf 'latin\\351')"
        printf 'x\\n' >>"$(printf 'tab\\t"q" \\\\')"; printf 'new\\n' >ignored.c
        rm out empty; ln -s zen.c link; ln -sfn /elsewhere precious; printf 'x' >>end
        chmod 644 run; mkdir -p d/e; printf '#!/bin/sh\\n' >d/e/tool; chmod 755 d/e/tool; : >nothing
        """

    private struct Bench {
        let place: PatchPlace
        let repository: TemporaryRepository
        let unpacked: FilePath
        let outside: FilePath
        let pwned: FilePath
        let leftOut: [String]

        var source: PatchSource { PatchSource(place: place) }

        func shell(_ script: String, in directory: FilePath) async throws {
            var environment = Invocation.basicEnvironment
            environment["PWNED"] = pwned.string
            environment["OUTSIDE"] = outside.string
            try await Invocation(
                "sh", ["-euc", script], environment: environment, workingDirectory: directory
            ).run().orThrow()
        }
    }

    private func withSource(_ body: (Bench) async throws -> Void) async throws {
        try await TemporaryRepository.with { repository in
            let root = repository.root
            let place = PatchPlace(
                root: RootPlace(
                    try ZentooName("desk"), in: StateDirectory(path: root.appending("state"))),
                package: "app-misc/zen")
            let (unpacked, outside) = (root.appending("unpacked"), root.appending("outside"))
            for directory in [unpacked, outside, place.directory] {
                try Directory.create(directory)
            }
            try FileContent.write(Array("mine".utf8), to: outside.appending("precious"))
            var bench = Bench(
                place: place, repository: repository, unpacked: unpacked, outside: outside,
                pwned: root.appending("pwned"), leftOut: [])
            try await bench.shell(Self.unpack, in: unpacked)
            var leftOut: [String] = []
            try await bench.source.make(
                message: "zen", by: TemporaryRepository.signature, with: repository.git
            ) { own in
                let stored = try own.importDirectory(unpacked)
                leftOut = PatchSource.losses(stored.report)
                return (stored.tree, stored.tree)
            }
            bench = Bench(
                place: place, repository: repository, unpacked: unpacked, outside: outside,
                pwned: bench.pwned, leftOut: leftOut)
            try await body(bench)
            #expect(try FileStatus.of(bench.pwned) == nil)
            #expect(
                try FileContent.read(outside.appending("precious")) == Array("mine".utf8))
            #expect(try Directory.names(in: outside).count == 1)
        }
    }

    @Test func gitFilesOfSourceAreNotExecuted() async throws {
        try await withSource { bench in
            #expect(bench.leftOut == [".git", "fifo", "sub/.git", "vendor/.GIT"])
            let source = bench.place.source
            #expect(try FileStatus.of(source.appending("sub/.git")) == nil)
            // The setuid bit is dropped.
            let mode = try await Invocation(
                "stat", ["--format=%a", source.appending("suid").string]
            ).run().orThrow().text
            #expect(mode == "755")

            // The user's own git configuration has a filter of that name.
            let git = bench.repository.git
            let evil = [
                "-c", "filter.evil.clean=touch \(bench.pwned); cat", "-c",
                "filter.evil.smudge=touch \(bench.pwned); cat", "-c",
                "diff.evil.textconv=touch \(bench.pwned); cat",
            ]
            func run(_ arguments: String...) async throws -> String {
                try await git.run(evil + arguments, directory: source).text
            }
            #expect(try await run("status", "--porcelain", "--ignored") == "")
            try await bench.shell(Self.change, in: source)
            _ = try await run("add", "--all")
            _ = try await run("diff", "--cached")
            _ = try await run("commit", "--quiet", "-m", "mine")
            _ = try await run("checkout", "--quiet", "HEAD~")
            #expect(try await run("status", "--porcelain") == "")
        }
    }

    @Test func patchReproducesChanges() async throws {
        try await withSource { bench in
            let own = try bench.source.open()
            let base = try bench.source.base(in: own)
            #expect(try bench.source.snapshot(in: own) == own.commit(base).tree)
            try await bench.shell(Self.change, in: bench.place.source)
            // A fifo is not opened, which would block until it has a writer.
            try await bench.shell("mkfifo waits", in: bench.place.source)
            let tree = try bench.source.snapshot(in: own)
            #expect(try own.diffTrees(own.commit(base).tree, tree).count == 16)

            let settings = [
                "diff.noprefix": "true", "diff.mnemonicPrefix": "true", "diff.context": "0",
                "diff.external": "false", "diff.renames": "copies", "diff.algorithm": "patience",
                "diff.suppressBlankEmpty": "true", "core.quotePath": "false",
                "color.ui": "always", "core.autocrlf": "true",
            ]
            var environment = bench.repository.environment
            environment["GIT_CONFIG_COUNT"] = "\(settings.count)"
            for (index, setting) in settings.enumerated() {
                environment["GIT_CONFIG_KEY_\(index)"] = setting.key
                environment["GIT_CONFIG_VALUE_\(index)"] = setting.value
            }
            let patch = try await bench.source.patch(
                from: base, to: tree, with: GitProgram(environment: environment))
            #expect(
                try await bench.source.patch(from: base, to: tree, with: bench.repository.git)
                    == patch)

            // Applied as eapply does, to the unpacked source.
            try await Invocation(
                "patch", ["-p1", "-f", "-g0", "--no-backup-if-mismatch"],
                workingDirectory: bench.unpacked, input: .bytes(patch)
            ).run().orThrow()
            #expect(try own.importDirectory(bench.unpacked).tree == tree)
        }
    }

    @Test func binaryFilesAreNamed() async throws {
        try await withSource { bench in
            let own = try bench.source.open()
            let base = try bench.source.base(in: own)
            try await bench.shell(
                "printf 'y\\0z' >data; printf 'a\\0' >\"$(printf 'new\\nbinary')\"",
                in: bench.place.source)
            let tree = try bench.source.snapshot(in: own)
            let names = try await bench.repository.git.binaryFiles(
                from: own.commit(base).tree, to: tree, gitDirectory: bench.place.git)
            #expect(names.map(\.description) == ["data", "new\nbinary"])
            let error = await #expect(throws: ZentooError.self) {
                try await bench.source.patch(from: base, to: tree, with: bench.repository.git)
            }
            #expect(error?.message.contains("'data' and 1 more") == true)
        }
    }

    @Test func nameWithLineBreakIsRefused() async throws {
        try await withSource { bench in
            let own = try bench.source.open()
            let base = try bench.source.base(in: own)
            try await bench.shell(
                "printf 'x\\n' >\"$(printf 'new\\nline')\"", in: bench.place.source)
            let tree = try bench.source.snapshot(in: own)
            let error = await #expect(throws: ZentooError.self) {
                try await bench.source.patch(from: base, to: tree, with: bench.repository.git)
            }
            #expect(error?.message.contains("'new\nline': its name has a line break") == true)
        }
    }

    @Test func commitsOfUserAreKept() async throws {
        try await withSource { bench in
            let (git, source) = (bench.repository.git, bench.place.source)
            let own = try bench.source.open()
            let base = try bench.source.base(in: own)
            try await bench.shell("echo mine >mine", in: source)
            try await git.run(["add", "mine"], directory: source)
            try await git.run(["commit", "--quiet", "-m", "mine"], directory: source)
            // Whether or not the user commits it, it counts as changed.
            let tree = try bench.source.snapshot(in: own)
            #expect(try own.diffTrees(own.commit(base).tree, tree).map(\.path) == ["mine"])
            try await bench.source.moveBase(
                to: tree, after: base, message: "saved", by: TemporaryRepository.signature,
                with: git)
            #expect(
                try await git.run(["log", "--format=%s"], directory: source).text == "mine\nzen")
            let moved = try bench.source.base(in: own)
            #expect(try own.commit(moved).message == "saved\n")
            #expect(try bench.source.snapshot(in: own) == own.commit(moved).tree)
        }
    }

    @Test func gitDirectoryIsReadOnlyInSession() async throws {
        try await withSource { bench in
            let place = bench.place
            let inRoot = "/run/zentoo/patch/app-misc/zen"
            let expected: [Mount] = [
                .readWrite(source: place.source, target: "\(inRoot)/source"),
                .readOnly(source: place.gitFile, target: "\(inRoot)/source/.git"),
                .readOnly(source: place.git, target: "\(inRoot)/git"),
            ]
            let mounts = try place.mounts()
            #expect(mounts == expected)
        }
    }
}
