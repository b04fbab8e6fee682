import Git
@testable import Roots
@testable import Sites
import TestSupport
import Testing

/// Which patches Portage applies, in which order, and where a new one can be
/// placed among them.
@Suite struct UserPatchesTests {
    private let cpv = CPV("app-misc/zen-1.2.0")

    private func patches(_ files: [String: String], slot: String = "0") async throws -> [String] {
        let cpv = try #require(cpv)
        return try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: files)
            let repository = try temporary.open()
            return try UserPatches(
                of: cpv, slot: slot, in: repository.commit(commit).tree, repository
            ).entries.map(\.path.description)
        }
    }

    @Test func patchesAreOrderedByName() async throws {
        let found = try await patches([
            "patches/app-misc/zen/b.patch": "b", "patches/app-misc/zen/B.diff": "B",
            "patches/app-misc/zen-1.2.0/a.patch": "a", "patches/app-misc/zen:0/c.patch": "c",
            "patches/app-misc/zen/README": "no patch", "patches/app-misc/zen/sub/d.patch": "d",
            "patches/app-misc/zen-1.2.1/e.patch": "e", "patches/app-misc/zen:1/f.patch": "f",
            "patches/app-misc/zenith/g.patch": "g",
        ])
        #expect(
            found == [
                "patches/app-misc/zen/B.diff", "patches/app-misc/zen-1.2.0/a.patch",
                "patches/app-misc/zen/b.patch", "patches/app-misc/zen:0/c.patch",
            ])
    }

    @Test func mostSpecificPatchReplacesOthers() async throws {
        let found = try await patches(
            [
                "patches/app-misc/zen/a.patch": "1", "patches/app-misc/zen-1.2.0/a.patch": "2",
                "patches/app-misc/zen-1.2.0-r0:2/a.patch": "3",
                "patches/app-misc/zen/gone.patch": "1", "patches/app-misc/zen-1.2.0/gone.patch": "",
            ], slot: "2/5")
        #expect(found == ["patches/app-misc/zen-1.2.0-r0:2/a.patch"])
    }

    // MARK: Placement among them

    private func entry(_ name: String, _ digit: Character = "1") throws -> UserPatches.Entry {
        UserPatches.Entry(
            name: name, path: UserPatches.folder(of: "app-misc/zen").appending(name),
            id: try #require(ObjectID(hex: String(repeating: digit, count: 40))))
    }

    private func record(over entries: [UserPatches.Entry]) throws -> PatchRecord {
        var record = PatchRecord(cpv: try #require(cpv), slot: "0", repository: "demo")
        record.over = entries.map { .init(name: $0.name, id: $0.id) }
        return record
    }

    private func placement(
        _ name: String, _ record: PatchRecord, _ present: [UserPatches.Entry],
        isForced: Bool = false
    ) throws -> PatchPlacement {
        try PatchPlacement(
            PatchName(name), of: record, among: UserPatches(present), in: ZentooName("desk"),
            isForced: isForced)
    }

    @Test func patchMustFollowThoseBelowIt() throws {
        let over = [try entry("a.patch"), try entry("m.patch")]
        let record = try record(over: over)
        #expect(
            try placement("n", record, over).path == "patches/app-misc/zen/n.patch")
        let early = #expect(throws: ZentooError.self) { try placement("b", record, over) }
        #expect(early?.message.contains("would be applied before 'm.patch'") == true)
        #expect(early?.hints.first?.contains("'z-b', for example") == true)
        // The name that the hint suggests is accepted.
        #expect(try placement("z-b", record, over).replaced == nil)
    }

    @Test func patchesBelowMustBeUnchanged() throws {
        let one = try entry("a.patch")
        let record = try record(over: [one])
        for (present, words) in [
            ([], "is not committed in the root"),
            ([try entry("a.patch", "2")], "was changed since"),
            ([one, try entry("b.patch")], "'b.patch' is applied before it"),
        ] {
            let error = #expect(throws: ZentooError.self) { try placement("n", record, present) }
            #expect(error?.code == .busy && error?.message.contains(words) == true)
        }
        // A patch that is applied later does not matter.
        #expect(try placement("n", record, [one, try entry("z.patch")]).before == nil)
    }

    @Test func existingPatchIsReplacedOnlyOnRequest() throws {
        let (one, two) = (try entry("a.patch"), try entry("b.diff"))
        var record = try record(over: [one, two])
        let taken = #expect(throws: ZentooError.self) { try placement("b", record, [one, two]) }
        #expect(taken?.code == .exists)
        let prepared = #expect(throws: ZentooError.self) {
            try placement("b", record, [one, two], isForced: true)
        }
        #expect(prepared?.hints.first?.contains("prep desk app-misc/zen --edit b") == true)

        // Saved from this work before: replaced, relative to the patch before it.
        record.over[1].before = one.id
        let again = try placement("b", record, [one, two], isForced: true)
        #expect(again.before == one.id && again.path == two.path)

        // Prepared for editing: no force is needed.
        var edited = try self.record(over: [one])
        edited.edited = "b.diff"
        let anew = try placement("b", edited, [one, two, try entry("c.patch")])
        #expect(anew.replaced == two && anew.path == two.path && anew.before == nil)
    }
}
