@testable import Edits
import Exec
import Files
import Git
@testable import Sites
import SystemPackage
import TestSupport
import Testing

@Suite struct BranchImporterTests {
    private func importer(_ temporary: TemporaryRepository) throws -> BranchImporter {
        BranchImporter(
            try temporary.open(), git: temporary.git, identity: TemporaryRepository.signature,
            remote: nil)
    }

    /// Creates files below `name` and returns that directory.
    private func make(
        _ files: [String: String], in temporary: TemporaryRepository, name: String = "portage"
    ) throws -> FilePath {
        let directory = temporary.root.appending(name)
        try Directory.create(directory)
        for (path, text) in files {
            let file = directory.pushing(FilePath(path))
            try Directory.create(file.removingLastComponent())
            try FileContent.write(Array(text.utf8), to: file)
        }
        return directory
    }

    private func run(_ words: String..., in temporary: TemporaryRepository) async throws {
        try await Invocation(
            words[0], Array(words.dropFirst()), environment: temporary.environment,
            workingDirectory: temporary.root
        ).run().orThrow()
    }

    @Test func namesAndBytesAreKept() async throws {
        try await TemporaryRepository.with { temporary in
            let names = ["a b.patch", "ü.patch", "+@~:=.patch", "back\\slash"]
            var files = Dictionary(uniqueKeysWithValues: names.map { ("patches/\($0)", "x\r\n") })
            files[".gitignore"] = "*\n"
            files[".gitattributes"] = "* text eol=lf\n"
            let directory = try make(files, in: temporary)
            try await run("cp", "/bin/true", "portage/bashrc", in: temporary)
            try await run("ln", "-s", "../../nowhere", "portage/make.profile", in: temporary)
            // Bytes that are not UTF-8; a shell can write them, Swift's String cannot.
            try await run(
                "sh", "-c", "printf y > \"$(printf 'portage/patches/\\377\\376')\"", in: temporary)
            let result = try await importer(temporary)
                .importPortage(ZentooName("x"), from: directory)
            #expect(result.files == names.count + 5)
            #expect(result.isNew && result.isChanged)
            // Exported again, the tree equals the directory.
            try temporary.open().export(
                tree: temporary.open().tree(ofCommit: try #require(ObjectID(hex: result.commit))),
                to: temporary.root.appending("out"))
            try await run("diff", "-r", "--no-dereference", "portage", "out", in: temporary)
            let modes = try await temporary.git("ls-tree", "portage/x", "bashrc", "make.profile")
            #expect(modes.contains("100755 blob") && modes.contains("120000 blob"))
        }
    }

    @Test func reimportShowsOnlyChanges() async throws {
        try await TemporaryRepository.with { temporary in
            let directory = try make(["make.conf": "USE=a\n"], in: temporary)
            let name = try ZentooName("x")
            let first = try await importer(temporary).importPortage(name, from: directory)
            let second = try await importer(temporary).importPortage(name, from: directory)
            #expect(!second.isChanged && second.commit == first.commit)
            _ = try make(["make.conf": "USE=b\n", "package.mask": "a/b\n"], in: temporary)
            let third = try await importer(temporary).importPortage(name, from: directory)
            #expect(!third.isNew && third.isChanged)
            #expect(third.statistics.last == " 2 files changed, 2 insertions(+), 1 deletion(-)")
            #expect(try await temporary.git("rev-parse", "portage/x^") == first.commit)
        }
    }

    @Test func lossesAreNamed() async throws {
        try await TemporaryRepository.with { temporary in
            let directory = try make(
                [
                    "copy/root/.ssh/key": "x\n", "copy/etc/shadow": "x\n",
                    "modes": "/etc/shadow 0600 root:root\n",
                ],
                in: temporary)
            try Directory.create(directory.pushing("copy/var/lib/empty"))
            try await run("chmod", "700", "portage/copy/root/.ssh", in: temporary)
            try await run("chmod", "600", "portage/copy/root/.ssh/key", in: temporary)
            try await run("chmod", "600", "portage/copy/etc/shadow", in: temporary)
            try await run("mkfifo", "portage/copy/fifo", in: temporary)
            try await run("git", "init", "--quiet", "portage", in: temporary)
            let result = try await importer(temporary)
                .importBuildhooks(ZentooName("x"), from: directory)
            // All files belong to the user who runs the test.
            let losses = result.losses.filter { $0.file != "." }
            #expect(
                losses.map { "\($0.file): \($0.modesLine ?? $0.message)" } == [
                    ".git: a repository of its own is left out",
                    "copy/fifo: it is neither a file nor a link and is left out",
                    "copy/root/.ssh: /root/.ssh 0700 root:root",
                    "copy/root/.ssh/key: /root/.ssh/key 0600 root:root",
                    "copy/var/lib/empty: /var/lib/empty 0755 root:root",
                ])
        }
    }

    @Test func secretsAreReported() async throws {
        try await TemporaryRepository.with { temporary in
            let directory = try make(
                ["make.conf": "A=1\nPROXY=http://joe:geheim@proxy\n", "gnupg/pass": "x\n"],
                in: temporary)
            try await run("chmod", "600", "portage/gnupg/pass", in: temporary)
            let result = try await importer(temporary)
                .importPortage(ZentooName("x"), from: directory)
            #expect(
                result.secrets == [
                    Secret(file: "gnupg/pass", line: nil, kind: .keyFile, isWorldReadable: false),
                    Secret(file: "make.conf", line: 2, kind: .credentials, isWorldReadable: true),
                ])
        }
    }

    @Test func cpuMovesToSite() async throws {
        var fixture = SiteFixture()
        fixture.branches["portage/base"]?["make.conf"] = nil
        try await fixture.withSite { site, temporary in
            let directory = try make(
                [
                    "make.conf": "# mine\nCFLAGS=\"-O2 -march=znver3\"\nUSE=\"x\"\n",
                    "package.use/00cpu": "*/* CPU_FLAGS_X86: avx\n",
                ], in: temporary)
            let (name, cpu) = (try ZentooName("x"), try ZentooName("znver3"))
            let result = try await importer(temporary)
                .importPortage(name, from: directory, cpu: (cpu, site))
            try assertSnapshot(
                (result.cpu?.difference ?? []).joined(separator: "\n") + "\n",
                named: "cpu-move")
            #expect(try await temporary.git("show", "portage/x:make.conf") == "# mine\nUSE=\"x\"")
            #expect(result.mistakes == [])
            // The site's branch was not checked out, and still is not.
            let after = try Site(site.name, in: temporary.open(), remote: nil)
            #expect(after.parts.cpus.contains(cpu))

            // Importing the same again is no conflict; importing other flags is.
            let again = try await importer(temporary)
                .importPortage(name, from: directory, cpu: (cpu, after))
            #expect(!again.isChanged && again.cpu?.commit == nil)
            _ = try make(["make.conf": "CFLAGS=\"-O3\"\n"], in: temporary)
            let error = await #expect(throws: ZentooError.self) {
                try await importer(temporary)
                    .importPortage(name, from: directory, cpu: (cpu, after))
            }
            #expect(error?.code == .exists)
            #expect(try await temporary.git("rev-parse", "portage/x") == result.commit)
        }
    }

    @Test func branchOfRemoteIsContinued() async throws {
        try await SiteFixture().withSite { _, temporary in
            let clone = temporary.root.appending("clone")
            try await temporary.git("clone", "--quiet", "\(temporary.path)", "\(clone)")
            let directory = try make(["make.conf": "USE=a\n"], in: temporary)
            let result = try await BranchImporter(
                Repository.open(clone), git: temporary.git,
                identity: TemporaryRepository.signature, remote: "origin"
            ).importPortage(ZentooName("base"), from: directory)
            #expect(!result.isNew)
            let parent = try await temporary.git(
                "-C", "\(clone)", "rev-parse", "portage/base^")
            #expect(parent == (try await temporary.git("rev-parse", "portage/base")))
        }
    }

    @Test func emptyDirectoryIsRefused() async throws {
        try await TemporaryRepository.with { temporary in
            let directory = try make([:], in: temporary)
            await #expect(throws: ZentooError.self) {
                try await importer(temporary).importPortage(ZentooName("x"), from: directory)
            }
            #expect(try await temporary.git("for-each-ref") == "")
        }
    }
}
