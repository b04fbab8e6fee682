@testable import Builds
import Files
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// The PKGDIR of the jobs that compile, and the way of packages into the pool.
struct JobPackagesTests {
    private func sizes(_ path: FilePath) throws -> [String] {
        try PackageDirectory.sizes(in: path).keys.sorted()
    }

    @Test func holdsCopiesOfReusedPackagesAlone() async throws {
        try await PoolFixture.with { fixture in
            let reused = try await fixture.put("reused", "cat/reused-1")
            let other = try await fixture.put("other", "cat/other-1")
            try fixture.index([reused, other])
            let job = try await fixture.job(compiling: ["cat/made-1"], reusing: [reused])
            #expect(try sizes(job.directory) == [reused.path.pathInFlavour])
            #expect(try PackageIndex(of: job.directory)?.paths == [reused.path.pathInFlavour])
            // A job that writes to its copy does not write to the pool.
            let (copy, file) = (
                job.directory.appending(reused.path.pathInFlavour),
                fixture.directory.appending(reused.path.pathInFlavour)
            )
            let (ours, theirs) = (try FileStatus.of(copy), try FileStatus.of(file))
            #expect(ours?.identity.inode != theirs?.identity.inode)
            #expect(ours?.modified == theirs?.modified)
            #expect(try job.new() == ([], []))
        }
    }

    @Test func takenNumbersAreNotGivenAgain() async throws {
        try await PoolFixture.with { fixture in
            let path = "cat/made/made-1-1.gpkg.tar"
            let job = try await fixture.job(compiling: ["cat/made-1"], taken: [path])
            #expect(try FileStatus.of(job.directory.appending(path))?.kind == .directory)
            #expect(try job.new() == ([], []))
        }
    }

    @Test func onlyPlannedPackagesCount() async throws {
        try await PoolFixture.with { fixture in
            let job = try await fixture.job(compiling: ["cat/made-1", "cat/changed-1"])
            let made = try await fixture.make("made", "cat/made-1", in: job)
            let planted = try await fixture.make("planted", "cat/other-1", in: job)
            let changed = try await fixture.make("changed", "cat/changed-1", in: job)
            try fixture.index([made, changed], in: job.directory)
            try await fixture.make("changed after it was made", "cat/changed-1", in: job)
            try await fixture.run(
                """
                cd '\(job.directory)'
                ln -s /etc/passwd cat/made/made-1-2.gpkg.tar
                : >cat/made/made-1-3.gpkg.tar
                mkdir "$(printf '\\377')"; echo x >"$(printf '\\377')/x"; echo x >loot.gpkg.tar
                """)
            let (packages, intruders) = try job.new()
            #expect(packages == [made.path.pathInFlavour])
            #expect(
                intruders.map(\.path)
                    == [changed.path.pathInFlavour, planted.path.pathInFlavour])
        }
    }

    @Test func addedPackagesAreIndexedAsPortageDescribesThem() async throws {
        try await PoolFixture.with { fixture in
            let present = try await fixture.put("present", "cat/present-1")
            try fixture.index([present])
            let job = try await fixture.job(compiling: ["cat/made-1", "cat/odd-1"])
            let made = try await fixture.make("made", "cat/made-1", in: job)
            let odd = try await fixture.make("odd", "cat/odd-1", in: job)
            try fixture.index([made, odd], in: job.directory) { $0.cpv == odd.cpv ? 2 : 1 }
            let directory = try await PackageDirectory.lock(
                fixture.flavour, in: fixture.state.pool
            ) {}
            let paths = [made, odd, present].map(\.path.pathInFlavour)
            let added = try await directory.add(paths, from: job.directory)
            #expect(added == Set(paths.prefix(2)))
            let index = try #require(try PackageIndex(of: fixture.directory))
            #expect(index.paths == [made.path.pathInFlavour, present.path.pathInFlavour])
            #expect(index.fields(ofPath: made.path.pathInFlavour)?["USE"] == "amd64 nls")
            // The package whose entry lies about its number is indexed by Portage.
            #expect(try directory.needsRepair)
            try PackageDirectory.remove([odd.path.pathInFlavour], from: fixture.directory)
            #expect(try !directory.needsRepair)
            _ = consume directory
        }
    }

    @Test func irregularIndexIsNone() async throws {
        try await PoolFixture.with { fixture in
            try await fixture.put("made", "cat/made-1")
            for shape in ["mkdir", "mkfifo", "ln -s /etc/passwd"] {
                let index = fixture.directory.appending("Packages")
                try await fixture.run("\(shape) '\(index)'")
                #expect(try PackageIndex(of: fixture.directory) == nil)
                let survey = PoolSurvey(pool: fixture.state.pool, isRecorded: { _ in false })
                #expect(try survey.problems().map(\.lacksIndex) == [true])
                let removed = try await PackageDirectory.removeIrregularIndexes(
                    from: fixture.directory, by: .ofTests)
                #expect(removed == ["Packages"])
            }
        }
    }

    @Test func packagesOfKilledBuildAreSalvaged() async throws {
        try await PoolFixture.with { fixture in
            let result = try fixture.records.build(at: 2_000_000, status: .cancelled, packages: [])
                .result
            var cancelled = result
            (cancelled.chost, cancelled.flavour) = (fixture.flavour.chost, fixture.flavour.id)
            let made = try await fixture.put("made", "cat/made-1")
            let planted = try await fixture.put("planted", "cat/other-1")
            let place = fixture.state.jobPackages(of: result.build)
            try fixture.index([made, planted])
            try await fixture.run(
                "mkdir -p '\(place)' && mv '\(fixture.directory)'/* '\(place)'/")
            let directory = try await PackageDirectory.lock(
                fixture.flavour, in: fixture.state.pool
            ) {}
            try directory.beginWriting(result.build, as: cancelled, expecting: [made.cpv])
            let salvage = PackageSalvage(machine: fixture.machine)
            // Another build holds the lock.
            #expect(try await !salvage.run(result.build))
            #expect(try sizes(fixture.directory) == [])
            _ = consume directory
            #expect(try await salvage.run(result.build))
            #expect(try sizes(fixture.directory) == [made.path.pathInFlavour])
            let notes = try UnrecordedPackages.notes(in: fixture.directory)
            #expect(notes.map(\.paths) == [[made.path.pathInFlavour]])
            #expect(notes.map(\.build) == [result.build])
        }
    }
}
