@testable import Builds
import Files
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// How a build came to its packages.
struct HarvestTests {
    private func line(_ package: RecordedPackage, more: String = "") -> String {
        "cpv=\(package.cpv)\tslot=0\tuse=\trepo=gentoo\tbuild=\(package.buildNumber)\t"
            + "path=\(package.path.pathInFlavour)\tlive=0\tbuilt=1700000000\t"
            + "revisions=demo:abc gentoo:def\(more)\n"
    }

    private func output(_ fixture: PoolFixture, _ text: String) throws -> JobOutput {
        let out = fixture.state.path.appending("out")
        try Directory.create(out)
        try FileContent.write(Array(text.utf8), to: out.appending("harvest"))
        return JobOutput(directory: out)
    }

    private func harvest(_ fixture: PoolFixture) -> Harvest {
        Harvest(
            machine: fixture.machine, flavour: fixture.flavour,
            repository: fixture.records.repository)
    }

    /// Harvests packages that were in the pool before.
    private func present(
        _ fixture: PoolFixture, _ packages: [RecordedPackage], known: [RecordedPackage] = [],
        more: String = ""
    ) async throws -> Harvest.Result {
        try await harvest(fixture).present(
            "harvest", of: output(fixture, packages.map { line($0, more: more) }.joined()),
            known: Dictionary(uniqueKeysWithValues: known.map { ($0.path, $0) }))
    }

    /// Harvests packages that a job has made.
    private func made(
        _ fixture: PoolFixture, _ packages: [RecordedPackage], of job: JobPackages,
        isWhole: Bool = true, more: String = ""
    ) async throws -> Harvest.Result {
        let directory = try await PackageDirectory.lock(fixture.flavour, in: fixture.state.pool) {}
        return try await harvest(fixture).made(
            from: output(fixture, packages.map { line($0, more: more) }.joined()), of: job,
            durations: ["cat/made-1": 7], isWhole: isWhole, into: directory)
    }

    @Test func madeReusedAndFoundAreToldApart() async throws {
        try await PoolFixture.with { fixture in
            let recorded = try await fixture.put("reused", "cat/reused-1")
            try await fixture.record([recorded])
            let found = try await fixture.put("found", "cat/found-1")
            let job = try await fixture.job(compiling: ["cat/made-1"])
            let made = try await fixture.make("made", "cat/made-1", in: job)
            var result = try await present(fixture, [recorded, found])
            result.add(try await self.made(fixture, [made], of: job))
            #expect(result.problems.isEmpty && result.intruders.isEmpty)
            #expect(result.packages.map(\.disposition) == [.reused, .found, .made])
            #expect(result.packages.map(\.durationSeconds) == [nil, nil, 7])
            let witness = RecordedPackage.Witness(
                built: 1_700_000_000, revisions: ["demo": "abc", "gentoo": "def"])
            #expect(result.packages.map(\.witness) == [nil, witness, nil])

            // The record keeps it, and so do the next build and the answer.
            let build = try await fixture.record(result.packages, at: 2_000_000)
            #expect(build.result.madeCount == 1 && build.result.foundCount == 1)
            let reader = try ResultReader(fixture.records.repository)
            #expect(Set(try reader.packages(of: build.result)) == Set(result.packages))
            let origins = try reader.whence("cat/found").origins
            #expect(origins.map(\.disposition) == [.found] && origins[0].witness == witness)
            let again = try await present(fixture, [found])
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
            let result = try await present(fixture, [package])
            #expect(result.packages.isEmpty)
            #expect(result.problems.map(\.path) == [package.path])
            #expect(result.failure(log: "x")?.phase == BuildResult.Failure.harvest)
            // The next build compiles it.
            #expect(result.failure(log: "x")?.package == nil)
            // The stage brought this one: the root is not made of what the pool has.
            let brought = try await present(fixture, [package], more: "\tmerged=0")
            #expect(brought.problems.count == 1 && brought.failure(log: "x") == nil)
        }
    }

    @Test func packageThatPortageRefusesIsNotTaken() async throws {
        try await PoolFixture.with { fixture in
            let job = try await fixture.job(compiling: ["cat/pipe-1"])
            let package = try await fixture.make("contents", "cat/pipe-1", in: job)
            let result = try await made(
                fixture, [package], of: job,
                more: "\trefused=Danger: device file detected: image/pipe")
            #expect(result.packages.isEmpty)
            #expect(result.problems.first?.reason.contains("image/pipe") == true)
            #expect(try PackageDirectory.sizes(in: fixture.directory).isEmpty)
        }
    }

    @Test func packageOfAnotherVersionIsNotTaken() async throws {
        try await PoolFixture.with { fixture in
            let job = try await fixture.job(compiling: ["cat/made-1"])
            let made = try await fixture.make("made", "cat/made-1", in: job)
            let planted = try await fixture.make("planted", "cat/other-1", in: job)
            let result = try await self.made(fixture, [made, planted], of: job)
            #expect(result.packages.map(\.path) == [made.path])
            #expect(result.intruders.map(\.path) == [planted.path.pathInFlavour])
            #expect(
                try PackageDirectory.sizes(in: fixture.directory).keys.sorted()
                    == [made.path.pathInFlavour])
        }
    }

    @Test func recordWithoutAPackageOfThePlanIsRefused() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            var result = try await present(fixture, [package])
            let plan = MergePlan([
                "[ebuild  N     ] cat/one-1::gentoo  0 KiB",
                "[binary  N     ] cat/two-1-1::gentoo  0 KiB",
            ])
            result.addMissing(of: plan)
            #expect(result.problems.map(\.cpv) == ["cat/two-1"])
            #expect(result.failure(log: "x")?.package == "cat/two-1")
        }
    }

    @Test func packageThatWasNotMergedIsRecordedOfFailuresAlone() async throws {
        for isWhole in [true, false] {
            try await PoolFixture.with { fixture in
                let job = try await fixture.job(compiling: ["cat/one-1"])
                let package = try await fixture.make("contents", "cat/one-1", in: job)
                let result = try await made(
                    fixture, [package], of: job, isWhole: isWhole, more: "\tinstalled=0")
                #expect(result.packages.count == (isWhole ? 0 : 1))
            }
        }
    }

    /// A bootstrap harvests several times.
    @Test func packageOfAnEarlierHarvestStaysMade() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            let result = try await present(fixture, [package], known: [package])
            #expect(result.packages.map(\.disposition) == [.made])
        }
    }
}
