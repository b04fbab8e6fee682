@testable import Builds
import Exec
import Files
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Files in the pool are used only if they are what the records name.
struct PoolProofTests {
    private func proof(_ fixture: PoolFixture) throws -> PoolProof {
        try PoolProof(fixture.records.repository, state: fixture.state)
    }

    @Test func alteredPackageIsUnfitWithSameSizeAndTimes() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            try await fixture.record([package])
            #expect(try await proof(fixture).unfit(among: [package.path]).isEmpty)
            #expect(try await proof(fixture).isIntact([package]))
            try await fixture.alter(package, to: "CONTENTS")
            let unfit = try await proof(fixture).unfit(among: [package.path])
            #expect(unfit.map(\.path) == [package.path])
            #expect(unfit.first?.reason.contains("\(package.sha256)") == true)
            #expect(try await !proof(fixture).isIntact([package]))
        }
    }

    @Test func packageOfAnotherPathIsUnfit() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            try await fixture.record([package])
            let copy = try await fixture.put("contents", "cat/one-1", number: 2)
            let stranger = try await fixture.put("others", "cat/one-1", number: 3)
            let unfit = try await proof(fixture).unfit(in: fixture.flavour)
            #expect(unfit.map(\.path) == [copy.path])
            #expect(unfit.first?.reason.contains("\(package.path)") == true)
            #expect(
                try proof(fixture).verdict(of: stranger.sha256, at: stranger.path) == .unrecorded)
        }
    }

    /// Two repositories made the package while offline.
    @Test func eachOfSeveralRecordedContentsIsFit() async throws {
        try await PoolFixture.with { fixture in
            let one = try await fixture.put("contents", "cat/one-1")
            try await fixture.record([one])
            let other = try await fixture.put("others", "cat/one-1")
            try await fixture.record([other], at: 2_000_000)
            #expect(try await proof(fixture).unfit(among: [other.path]).isEmpty)
            try await fixture.put("contents", "cat/one-1")
            #expect(try await proof(fixture).unfit(among: [one.path]).isEmpty)
        }
    }

    @Test func linkIsUnfit() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            let file = fixture.state.pool.appending(package.path.description)
            try Directory.move(file, to: FilePath("\(file)~"))
            try await Invocation("ln", ["-s", "\(file)~", file.string]).run().orThrow()
            #expect(try await proof(fixture).unfit(among: [package.path]).count == 1)
        }
    }

    @Test func packageWithAnotherNameThanItsMetadataIsUnfit() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            try fixture.index([package])
            #expect(try proof(fixture).misnamed(in: fixture.flavour).isEmpty)
            try fixture.index([package], number: { _ in 3 })
            let unfit = try proof(fixture).misnamed(in: fixture.flavour)
            #expect(unfit.map(\.path) == [package.path])
            #expect(unfit.first?.reason.contains("cat/one/one-1-3.gpkg.tar") == true)
        }
    }

    @Test func digestsAreTakenAgainWhenFilesChange() async throws {
        try await PoolFixture.with { fixture in
            let package = try await fixture.put("contents", "cat/one-1")
            let path = package.path.description
            let cache = DigestCache(fixture.state, part: fixture.flavour.path)
            let kept = fixture.state.cache.appending("digests")
                .pushing(FilePath(fixture.flavour.path))
            func lines() throws -> String {
                String(decoding: try FileContent.read(kept) ?? [], as: UTF8.self)
            }
            let identity = try #require(
                try ConfinedFile.identity(of: FilePath(path), beneath: fixture.state.pool))
            let changed = identity.changed / 1_000_000_000
            // A file that just changed may change again within the clock's resolution.
            for (now, count) in [(changed, 0), (changed + 4, 1)] {
                let digests = try await cache.digests(of: [path], now: now)
                #expect(digests == [path: package.sha256])
                #expect(try lines().split(separator: "\n").count == count)
            }
            // A kept digest is trusted as long as the file's identity is the same.
            let other = RecordFixture.digest(3)
            func keep(_ identity: FileIdentity) throws {
                let line =
                    "\(other) \(identity.device) \(identity.inode) \(identity.size) "
                    + "\(identity.modified) \(identity.changed) \(path)\n"
                try FileContent.write(Array(line.utf8), to: kept)
            }
            try keep(identity)
            #expect(try await cache.digests(of: [path]) == [path: other])
            try await fixture.put("contents", "cat/one-1")
            #expect(try await cache.digests(of: [path]) == [path: package.sha256])
            #expect(try await cache.digests(of: ["\(path).none"]).isEmpty)
        }
    }

    @Test func quarantineOverwritesNothingAndUpdatesIndex() async throws {
        try await PoolFixture.with { fixture in
            let (one, two) = (
                try await fixture.put("first", "cat/one-1"), try await fixture.put("x", "cat/two-1")
            )
            let quarantine = Quarantine(pool: fixture.state.pool, build: .make())
            for text in ["first", "second"] {
                try await fixture.put(text, "cat/one-1")
                try fixture.index([one, two])
                let said = try quarantine.take(
                    [.init(path: one.path, reason: "it is wrong")], from: fixture.directory)
                #expect(said.count == 1 && said[0].contains("it is wrong"))
                let index = try #require(try PackageIndex(of: fixture.directory))
                #expect(index.paths == [two.path.pathInFlavour])
            }
            let place = fixture.state.pool.appending(Quarantine.name)
                .appending(quarantine.build.description).appending(one.path.description)
            #expect(try FileContent.read(place) == Array("first".utf8))
            #expect(try FileContent.read(FilePath("\(place).2")) == Array("second".utf8))
            #expect(try FileStatus.of(fixture.state.pool.appending(one.path.description)) == nil)
        }
    }
}
