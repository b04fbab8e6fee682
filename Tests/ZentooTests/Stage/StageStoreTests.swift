@testable import Builds
import Engines
import Exec
import Files
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

@Suite struct StageStoreTests {
    @Test(arguments: [
        "stage.tar", "stage.tar.xz", "stage.tar.gz", "stage.tar.bz2", "stage.tar.zst",
    ])
    func archiveIsUnpacked(name: String) async throws {
        try await StageFixture.with { fixture in
            let archive = try await fixture.archive(name)
            let sum = try await fixture.run("sha256sum", [name]).prefix(64)
            let pin = try await fixture.add(archive)
            #expect(pin.digest.description == String(sum))
            #expect(pin.verifiedBy == nil)
            let tree = try #require(fixture.store.tree(of: pin.digest))
            #expect(tree == fixture.path("state/stages/\(sum)/tree"))
            #expect(try fixture.read(tree.pushing("etc/os-release")) == "NAME=tiny\n")
            #expect(try fixture.store.list().map(\.name) == [fixture.name])
            #expect(fixture.store.info(of: pin.digest)?.source == archive.string)
            #expect(try Directory.names(in: fixture.path("state/stages")).count == 2)
        }
    }

    @Test(.enabled(if: Privileges.ofTests == .root, "needs root to make owners"))
    func fileAttributesAreKept() async throws {
        try await StageFixture.with { fixture in
            try await fixture.run("setcap", ["cap_net_raw+ep", "root/etc/os-release"])
            let pin = try await fixture.add(try await fixture.archive())
            let tree = try #require(fixture.store.tree(of: pin.digest))
            func facts(_ path: String) async throws -> String {
                try await fixture.run(
                    "stat", ["--format=%a %u:%g %h %Y %N", "--", "\(tree)/\(path)"]
                ).replacing(tree.string, with: "")
            }
            #expect(try await facts("usr/bin/su").hasPrefix("4711 0:0 1 "))
            #expect(try await facts("var/empty").hasPrefix("755 250:251 "))
            #expect(try await facts("etc/os-release").hasPrefix("644 0:0 2 1600000000 "))
            #expect(try await facts("etc/link").hasSuffix("'/etc/link' -> '/nowhere/at all'"))
            let capability = try await fixture.run("getcap", ["\(tree)/etc/same"])
            #expect(capability.hasSuffix("cap_net_raw=ep"))
            #expect(try Directory.names(in: tree.appending("dev")).isEmpty)
        }
    }

    @Test func stagesAreClosedToOtherUsers() async throws {
        try await StageFixture.with { fixture in
            func mode(_ path: FilePath) async throws -> String {
                try await fixture.run("stat", ["--format=%a", path.string])
            }
            let pin = try await fixture.add(try await fixture.archive())
            let stage = try #require(fixture.store.tree(of: pin.digest)).removingLastComponent()
            #expect(try await mode(stage) == "700")
            // As an earlier version left it.
            try await fixture.run("chmod", ["755", stage.string])
            try fixture.store.close()
            #expect(try await mode(stage) == "700")
            let state = StateDirectory(path: fixture.path("state"))
            _ = try state.createOutput(of: .make())
            #expect(try await mode(state.results) == "700")
        }
    }

    @Test func directoryIsPinnedByContent() async throws {
        try await StageFixture.with { fixture in
            let first = try await fixture.add(fixture.root)
            let tree = try #require(fixture.store.tree(of: first.digest))
            #expect(try fixture.read(tree.pushing("etc/same")) == "NAME=tiny\n")
            // A copy elsewhere has the same content.
            try await fixture.run("cp", ["-a", "root", "copy"])
            #expect(try await fixture.add(fixture.path("copy")) == first)
            #expect(fixture.store.info(of: first.digest)?.tree == first.digest)
            // Each of these changes gives another content.
            var digests: Set<SHA256Digest> = [first.digest]
            for change in [
                ["chmod", "u-s", "copy/usr/bin/su"], ["touch", "-d", "@1", "copy/etc/os-release"],
                ["ln", "-sfn", "/else", "copy/etc/link"], ["mv", "copy/etc/link", "copy/etc/lint"],
                ["cp", "--remove-destination", "copy/etc/os-release", "copy/etc/same"],
                ["mkdir", "copy/new"],
            ] {
                try await fixture.run(change[0], Array(change.dropFirst()))
                let inserted = digests.insert(try await fixture.add(fixture.path("copy")).digest)
                #expect(inserted.inserted, "\(change)")
            }
        }
    }

    @Test func lockedDigestMustMatch() async throws {
        try await StageFixture.with { fixture in
            let archive = try await fixture.archive()
            let zeros = try #require(SHA256Digest(String(repeating: "0", count: 64)))
            #expect(try await fixture.refusal(archive, locked: zeros) == .lockMismatch)
            let pin = try await fixture.add(archive)
            #expect(try await fixture.add(archive, locked: pin.digest) == pin)
        }
    }

    @Test func digestFileDetectsDamage() async throws {
        try await StageFixture.with { fixture in
            let archive = try await fixture.archive()
            try fixture.write(
                String(repeating: "0", count: 64) + "  stage.tar.xz\n", "stage.tar.xz.sha256")
            #expect(try await fixture.refusal(archive) == .digestMismatch)
            try fixture.write(
                String(repeating: "0", count: 64) + "  other.tar.xz\n", "stage.tar.xz.sha256")
            _ = try await fixture.add(archive)
        }
    }

    @Test func membersCannotEscapeTree() async throws {
        try await StageFixture.with { fixture in
            let mark = fixture.path("mark")
            try fixture.write("x", "payload")
            let hostile: [(String, [String])] = [
                ("parent.tar", ["--transform=s,^payload,../../../../../mark,"]),
                ("deep.tar", ["--transform=s,^payload,etc/../../../../../../mark,"]),
            ]
            for (name, options) in hostile {
                try await fixture.run(
                    "tar", ["-P"] + options + ["-cf", name, "payload", "-C", "root", "etc", "usr"])
                #expect(try await fixture.refusal(fixture.path(name)) == .unpack, "\(name)")
            }
            // Through a link in the archive itself.
            try await fixture.run("ln", ["-s", fixture.directory.string, "out"])
            try await fixture.run(
                "tar", ["-P", "-cf", "link.tar", "out", "-C", "root", "etc", "usr"])
            try await fixture.run(
                "tar", ["-P", "--transform=s,^payload,out/mark,", "-rf", "link.tar", "payload"])
            #expect(try await fixture.refusal(fixture.path("link.tar")) == .unpack)
            #expect(try FileStatus.of(mark) == nil)
            // An absolute name is taken relative to the root.
            try await fixture.run(
                "tar",
                ["-P", "--transform=s,^payload,\(mark),", "-cf", "absolute.tar", "payload"]
                    + ["-C", "root", "etc", "usr"])
            let pin = try await fixture.add(fixture.path("absolute.tar"))
            #expect(try FileStatus.of(mark) == nil)
            let tree = try #require(fixture.store.tree(of: pin.digest))
            #expect(
                try fixture.read(tree.pushing(FilePath(String(mark.string.dropFirst())))) == "x")
        }
    }

    @Test func invalidArchivesAreRefused() async throws {
        try await StageFixture.with { fixture in
            try await fixture.run("tar", ["-cf", "wrapped.tar", "root"])
            #expect(try await fixture.refusal(fixture.path("wrapped.tar")) == .notARoot)
            try fixture.write("no archive at all", "stage.tar.xz")
            #expect(try await fixture.refusal(fixture.path("stage.tar.xz")) == .unpack)
            let archive = try await fixture.archive("whole.tar.xz")
            try await fixture.run("truncate", ["--size=-100", archive.string])
            #expect(try await fixture.refusal(archive) == .unpack)
            #expect(try await fixture.refusal(fixture.path("absent.tar")) == .notFound)
        }
    }

    @Test func concurrentAddsShareOneStage() async throws {
        try await StageFixture.with { fixture in
            let archive = try await fixture.archive()
            async let one = fixture.add(archive)
            async let two = fixture.add(archive)
            async let three = fixture.add(archive)
            let pins = try await [one, two, three]
            #expect(Set(pins).count == 1)
            #expect(
                try Directory.names(in: fixture.path("state/stages")).map(\.string)
                    == [".lock", pins[0].digest.description])
        }
    }

    @Test func leftoversOfKilledAddsAreRemoved() async throws {
        try await StageFixture.with { fixture in
            let stages = fixture.path("state/stages")
            for name in ["dead/new/tree/etc", "alive", "early"] {
                try Directory.create(stages.pushing(FilePath(".incoming-\(name)")))
            }
            try fixture.write("", "state/stages/.incoming-dead/lock")
            let lock = try FileLock.tryLock(stages.pushing(".incoming-alive/lock"))
            let pin = try await fixture.add(try await fixture.archive())
            #expect(
                try Directory.names(in: stages).map(\.string)
                    == [".incoming-alive", ".lock", pin.digest.description])
            _ = consume lock
        }
    }

    @Test func cancelledAddLeavesNoStage() async throws {
        try await StageFixture.with { fixture in
            let archive = try await fixture.archive()
            let task = Task {
                try await fixture.store.add(
                    name: fixture.name, source: .path(archive), trust: StageTrust()
                ) { step in
                    if step == .unpacking { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try fixture.store.list().isEmpty)
            // The next add removes anything that remains.
            let pin = try await fixture.add(archive)
            #expect(
                try Directory.names(in: fixture.path("state/stages")).map(\.string)
                    == [".lock", pin.digest.description])
        }
    }

    @Test func verifyFindsAlteredFiles() async throws {
        try await StageFixture.with { fixture in
            let pin = try await fixture.add(try await fixture.archive())
            let tree = try #require(fixture.store.tree(of: pin.digest))
            #expect(
                try await fixture.store.verify(pin.digest)
                    == StageVerification(isIntact: true, altered: []))
            try FileContent.write(Array("NAME=evil\n".utf8), to: tree.pushing("usr/bin/new"))
            let altered = try await fixture.store.verify(pin.digest)
            #expect(!altered.isIntact)
            #expect(altered.altered == ["./usr/bin", "./usr/bin/new"])
        }
    }

    @Test func verifyFindsChangeWithSameTime() async throws {
        try await StageFixture.with { fixture in
            let pin = try await fixture.add(try await fixture.archive())
            let tree = try #require(fixture.store.tree(of: pin.digest))
            try await fixture.run("cp", ["-p", "\(tree)/etc/os-release", "reference"])
            try await fixture.run(
                "sed", ["--in-place=", "--expression=s/tiny/tint/", "reference"])
            try await fixture.run(
                "dd", ["if=reference", "of=\(tree)/etc/os-release", "status=none"])
            try await fixture.run("touch", ["-d", "@1600000000.5", "\(tree)/etc/os-release"])
            #expect(
                try await fixture.store.verify(pin.digest)
                    == StageVerification(isIntact: false, altered: []))
        }
    }

    @Test func stageIsRemoved() async throws {
        try await StageFixture.with { fixture in
            let pin = try await fixture.add(try await fixture.archive())
            try await fixture.store.remove(pin.digest)
            #expect(fixture.store.tree(of: pin.digest) == nil)
            try fixture.expectNothingBehind()
            let error = await #expect(throws: StageError.self) {
                try await fixture.store.remove(pin.digest)
            }
            #expect(error?.code == .absent)
        }
    }

    @Test func fileURLIsDownloaded() async throws {
        try await StageFixture.with { fixture in
            let archive = try await fixture.archive()
            let pin = try await fixture.store.add(
                name: fixture.name, source: .url("file://\(archive)"), trust: StageTrust()
            ).pin
            #expect(fixture.store.tree(of: pin.digest) != nil)
            let error = await #expect(throws: StageError.self) {
                try await fixture.store.add(
                    name: fixture.name, source: .url("file://\(archive).absent"),
                    trust: StageTrust())
            }
            #expect(error?.code == .fetch)
        }
    }
}
