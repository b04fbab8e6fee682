@testable import Builds
import Files
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// How a build came to its packages.
struct HarvestTests {
    private func harvest(
        _ fixture: PoolFixture, _ packages: [RecordedPackage], present: [RecordedPackage] = [],
        known: [RecordedPackage] = [], isWhole: Bool = true, more: String = ""
    ) async throws -> Harvest.Result {
        let out = fixture.state.path.appending("out")
        try Directory.create(out)
        let lines = packages.map {
            "cpv=\($0.cpv)\tslot=0\tuse=\trepo=gentoo\tbuild=\($0.buildNumber)\t"
                + "path=\($0.path.pathInFlavour)\tlive=0\tbuilt=1700000000\t"
                + "revisions=demo:abc gentoo:def\(more)\n"
        }
        try FileContent.write(Array(lines.joined().utf8), to: out.appending("harvest"))
        return try await Harvest(
            machine: fixture.machine, flavour: fixture.flavour,
            repository: fixture.records.repository
        ).packages(
            from: JobOutput(directory: out), durations: ["cat/made-1": 7],
            watch: PackageWatch(
                fixture.directory, of: fixture.flavour,
                before: PackageDirectory.identities(in: fixture.directory).filter { path, _ in
                    present.contains { $0.path.pathInFlavour == path }
                }, expecting: Set(packages.map(\.cpv))),
            known: Dictionary(uniqueKeysWithValues: known.map { ($0.path, $0) }), isWhole: isWhole)
    }

    @Test func madeReusedAndFoundAreToldApart() async throws {
        try await PoolFixture.with { fixture in
            let recorded = try await fixture.put("reused", "cat/reused-1")
            try await fixture.record([recorded])
            let made = try await fixture.put("made", "cat/made-1")
            let found = try await fixture.put("found", "cat/found-1")
            let result = try await harvest(
                fixture, [recorded, made, found], present: [recorded, found])
            #expect(result.problems.isEmpty)
            #expect(result.packages.map(\.disposition) == [.reused, .made, .found])
            #expect(result.packages.map(\.durationSeconds) == [nil, 7, nil])
            let witness = RecordedPackage.Witness(
                built: 1_700_000_000, revisions: ["demo": "abc", "gentoo": "def"])
            #expect(result.packages.map(\.witness) == [nil, nil, witness])

            // The record keeps it, and so do the next build and the answer.
            let build = try await fixture.record(result.packages, at: 2_000_000)
            #expect(build.result.madeCount == 1 && build.result.foundCount == 1)
            let reader = try ResultReader(fixture.records.repository)
            #expect(Set(try reader.packages(of: build.result)) == Set(result.packages))
            let origins = try reader.whence("cat/found").origins
            #expect(origins.map(\.disposition) == [.found] && origins[0].witness == witness)
            let again = try await harvest(fixture, [found], present: [found])
            #expect(again.packages.map(\.disposition) == [.reused])
            let tag = try await fixture.records.files.git(
                "cat-file", "tag", "zentoo/main/\(RecordFixture.tuple)/2")
            #expect(tag.contains("3 packages, 1 made, 1 found") && tag.contains("\nFound: 1\n"))
        }
    }

    @Test func whatWasMadeIsTheMakersWhoeverFoundIt() async throws {
        try await PoolFixture.with { fixture in
            var package = try await fixture.put("contents", "cat/one-1")
            package.disposition = .found
            package.witness = RecordedPackage.Witness(built: nil)
            try await fixture.record([package], at: 2_000_000)
            let reader = { try ResultReader(fixture.records.repository) }
            #expect(try reader().whence("cat/one").origins.map(\.disposition) == [.found])
            // The maker's notes are merged later.
            (package.disposition, package.witness) = (.made, nil)
            let maker = try await fixture.record([package], at: 1_000_000)
            let origins = try reader().whence("\(package.sha256)").origins
            #expect(origins.map(\.build) == [maker.result.build])
            #expect(origins.map(\.disposition) == [.made])
        }
    }

    @Test func whatChangedDuringTheBuildIsNotRecorded() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            try await fixture.record([package])
            try await fixture.alter(package, to: "CONTENTS")
            let result = try await harvest(fixture, [package], present: [package])
            #expect(result.packages.isEmpty)
            #expect(result.problems.map(\.path) == [package.path])
            #expect(result.failure(log: "x")?.phase == BuildResult.Failure.harvest)
            // The next build compiles it.
            #expect(result.failure(log: "x")?.package == nil)
            // The stage brought this one: the root is not made of what the pool has.
            let brought = try await harvest(
                fixture, [package], present: [package], more: "\tmerged=0")
            #expect(brought.problems.count == 1 && brought.failure(log: "x") == nil)
        }
    }

    @Test func whatPortageRefusesToMergeIsAProblem() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/pipe-1")
            let result = try await harvest(
                fixture, [package], more: "\trefused=Danger: device file detected: image/pipe")
            #expect(result.packages.isEmpty)
            #expect(result.problems.first?.reason.contains("image/pipe") == true)
        }
    }

    @Test func recordWithoutAPackageOfThePlanIsRefused() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            var result = try await harvest(fixture, [package])
            let plan = MergePlan([
                "[ebuild  N     ] cat/one-1::gentoo  0 KiB",
                "[binary  N     ] cat/two-1-1::gentoo  0 KiB",
            ])
            result.addMissing(of: plan)
            #expect(result.problems.map(\.cpv) == ["cat/two-1"])
            #expect(result.failure(log: "x")?.package == "cat/two-1")
        }
    }

    @Test func whatWasNotMergedIsRecordedOfFailuresAlone() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            for isWhole in [true, false] {
                let result = try await harvest(
                    fixture, [package], isWhole: isWhole, more: "\tinstalled=0")
                #expect(result.packages.count == (isWhole ? 0 : 1))
            }
        }
    }

    /// A bootstrap harvests several times.
    @Test func whatThisBuildMadeBeforeStaysMade() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            let result = try await harvest(
                fixture, [package], present: [package], known: [package])
            #expect(result.packages.map(\.disposition) == [.made])
        }
    }
}
