import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// The index: derived from the notes, always correct, never merged.
struct WhenceTests {
    @Test func rebuildGivesSameTree() async throws {
        try await RecordFixture.with { fixture in
            for index in 0..<3 {
                let build = try fixture.build(
                    at: Int64(1_000_000 + index),
                    packages: [
                        RecordFixture.package("a/b-1"), RecordFixture.package("a/b-\(index)"),
                    ])
                _ = try await Recorder(fixture.repository).record(build)
            }
            let name = try RefName(Whence.referenceName)
            let stored = try fixture.repository.resolve(name)
            try fixture.repository.delete(name)
            try Whence.rebuild(fixture.repository)
            #expect(try fixture.repository.resolve(name) == stored)
            try Whence.refresh(fixture.repository)
            #expect(try fixture.repository.resolve(name) == stored)
        }
    }

    /// As an older or newer git-zentoo left it.
    @Test func otherLayoutIsRebuilt() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build(
                at: 1_000_000, packages: [RecordFixture.package("a/b-1")])
            _ = try await Recorder(fixture.repository).record(build)
            let name = try RefName(Whence.referenceName)
            let stored = try #require(try fixture.repository.resolve(name))
            for layout in [nil, "2\n", "4\n"] {
                let path = TreePath("layout")
                let other = try fixture.repository.editTree(
                    base: stored,
                    [
                        .remove(TreePath("cpv")), .remove(path),
                    ]
                        + (try layout.map {
                            [.put(path, .file, try fixture.repository.writeBlob($0.utf8))]
                        } ?? []))
                try fixture.repository.set(name, to: other, expecting: .anything)
                let cpv = try #require(CPV("a/b-1"))
                #expect(try Whence(fixture.repository).origins(of: cpv).count == 1)
                try Whence.refresh(fixture.repository)
                #expect(try fixture.repository.resolve(name) == stored)
            }
        }
    }

    /// Two repositories built offline: git's merge unites their notes, and the
    /// answers follow.
    @Test func indexFollowsMergedNotes() async throws {
        try await RecordFixture.with { fixture in
            let here = try fixture.build(
                at: 1_000_000,
                packages: [RecordFixture.package("a/b-1"), RecordFixture.package("a/c-1")])
            _ = try await Recorder(fixture.repository).record(here)
            try await RecordFixture.with { other in
                // The tree is the same, so both repositories have a note on it.
                let there = try other.build(
                    at: 2_000_000, packages: [RecordFixture.package("a/b-1", seed: 99)])
                #expect(there.result.tree == here.result.tree)
                _ = try await Recorder(other.repository).record(there)
                try await fixture.files.git(
                    "fetch", "-q", other.files.path.string,
                    "refs/notes/zentoo:refs/notes/origin/zentoo")
                let site = try ZentooName("main")
                let both = [there.result, here.result]
                let cpv = try #require(CPV("a/b-1"))
                // Fetched, merged, indexed: the answer is the same at each step.
                func check() throws {
                    let reader = try ResultReader(try fixture.files.open())
                    #expect(try reader.log(site: site).map(\.result) == both)
                    #expect(
                        try reader.whence.origins(of: cpv).map(\.build)
                            == both.reversed().map(\.build))
                    #expect(try reader.packages(of: there.result) == there.packages)
                    #expect(try reader.packages(of: here.result) == here.packages)
                }
                try check()
                try fixture.repository.mergeNotes(
                    .notes("origin/zentoo"), into: .notes("zentoo"),
                    author: TemporaryRepository.signature, message: "merge")
                try check()
                let note = try await fixture.files.git(
                    "notes", "--ref=zentoo", "show", "\(here.result.tree)")
                #expect(note.split(separator: "\n").count == 5)
                try Whence.refresh(fixture.repository)
                #expect(try Whence(fixture.repository).unstored.isEmpty)
                try check()
            }
        }
    }

    @Test func removedNotesRebuildIndex() async throws {
        try await RecordFixture.with { fixture in
            let gone = try fixture.build(at: 1_000_000)
            _ = try await Recorder(fixture.repository).record(gone)
            let kept = try fixture.build(
                at: 2_000_000, commit: try fixture.tupleCommit(flags: "-O3"),
                packages: [RecordFixture.package("a/b-1")])
            _ = try await Recorder(fixture.repository).record(kept)
            try await fixture.files.git("notes", "--ref=zentoo", "remove", "\(gone.result.tree)")
            let fresh = try fixture.files.open()
            #expect(
                try ResultReader(fresh).log(site: try ZentooName("main")).map(\.result) == [
                    kept.result
                ])
            try Whence.refresh(fresh)
            #expect(try Whence(fresh).contains(gone.packages[1].sha256) == false)
            #expect(try Whence(fresh).contains(kept.packages[0].sha256))
        }
    }

    @Test func unknownNoteLinesAreKept() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build()
            let notes = try RefName.notes("zentoo")
            let strange = [
                "by hand: do not touch", "\(build.result.build) v9 made cpv=a/b-1",
                "\(build.result.build) v1 dreamt of=sheep",
            ]
            try fixture.repository.appendNotes(
                notes, lines: [build.result.tree: strange],
                author: TemporaryRepository.signature, message: "by hand")
            _ = try await Recorder(fixture.repository).record(build)
            let note = try #require(try fixture.repository.readNote(notes, on: build.result.tree))
            let text = String(decoding: note, as: UTF8.self)
            #expect(strange.allSatisfy { text.contains($0 + "\n") })
            #expect(RecordLine.lines(in: note, of: .result).count == 1)
        }
    }

    @Test func reusedPackageAddsNoOrigin() async throws {
        try await RecordFixture.with { fixture in
            let package = try RecordFixture.package("a/b-1")
            _ = try await Recorder(fixture.repository).record(
                try fixture.build(at: 1_000_000, packages: [package]))
            var reused = package
            reused.disposition = .reused
            _ = try await Recorder(fixture.repository).record(
                try fixture.build(at: 2_000_000, packages: [reused]))
            let whence = try Whence(fixture.repository)
            #expect(try whence.contains(package.sha256))
            #expect(try whence.origins(of: package.sha256).count == 1)
        }
    }
}
