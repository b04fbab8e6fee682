@testable import Builds
import Engines
import Exec
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

/// Partial files in the pool and indexes that do not match it: found by verify
/// and doctor, fixed by repair.
@Suite struct PoolRepairTests {
    private static let flavour = "x86_64-pc-linux-gnu/f1"

    /// Creates a file in Portage's format, as far as its members tell.
    static func makePackage(_ name: String, at path: FilePath) async throws {
        try await TemporaryDirectory.with { directory in
            let folder = directory.appending(name)
            try Directory.create(folder)
            for (member, text) in [
                ("gpkg-1", ""), ("metadata.tar.zst", "m"), ("image.tar.zst", name),
                ("Manifest", "DATA"),
            ] {
                try FileContent.write(Array(text.utf8), to: folder.appending(member))
            }
            try Directory.create(path.removingLastComponent())
            try await Invocation(
                "tar",
                [
                    "--format=ustar", "-C", directory.string, "-cf", path.string,
                    "\(name)/gpkg-1", "\(name)/metadata.tar.zst", "\(name)/image.tar.zst",
                    "\(name)/Manifest",
                ]
            ).run().orThrow()
        }
    }

    @Test func partialPackageIsDetected() async throws {
        try await TemporaryDirectory.with { directory in
            func isPartial(_ name: String, _ bytes: [UInt8]) throws -> Bool {
                let path = directory.appending(name)
                try FileContent.write(bytes, to: path)
                return try PackageFile.isPartial(path)
            }
            let whole = directory.appending("whole.gpkg.tar")
            try await Self.makePackage("zen-1-1", at: whole)
            #expect(try !PackageFile.isPartial(whole))
            let bytes = try #require(try FileContent.read(whole))
            #expect(try isPartial("empty", []))
            #expect(try isPartial("zeros", [UInt8](repeating: 0, count: 20_480)))
            for length in [100, 512, 700, 1536, 2048, 2600] {
                #expect(try isPartial("cut", Array(bytes.prefix(length))), "\(length)")
            }
            // Without the padding at its end it is still complete.
            #expect(try !isPartial("padding", Array(bytes.prefix(4 * 1024))))
            #expect(try !isPartial("other", Array("no package of ours".utf8)))
            #expect(PackageFile.kind(of: "zen-1-1.gpkg.tar") == .package)
            for name in ["zen-1-1.gpkg.taru2twn_qn.2", "zen-1-1.gpkg.tar.77"] {
                #expect(PackageFile.kind(of: name) == .temporary)
            }
            for name in ["zen-1-1.gpkg.tar.portage_lockfile", ".x.gpkg.tar.1", "README"] {
                #expect(PackageFile.kind(of: name) == .other)
            }
        }
    }

    /// A pool with one recorded package, an unrecorded one, and an index.
    private struct World {
        let fixture: RecordFixture
        let state: StateDirectory
        let directory: FilePath
        let recorded: RecordedPackage

        var machine: Machine { machine(FakeEngine()) }

        func machine(_ engine: FakeEngine) -> Machine {
            Machine(
                repository: fixture.files.gitDirectory, state: state, engine: engine,
                privileges: .ofTests, remote: nil, identity: TemporaryRepository.signature,
                signer: nil, git: fixture.files.git, sources: [:], parallelism: 1)
        }

        func verify() async throws -> PoolReport {
            try await ResultReader(fixture.repository).verify(pool: state.pool, scope: .all)
        }

        func doctor() throws -> [Finding] {
            try LeftoverCheck(fixture.repository, state: state).findings()
                .filter { $0.subject == "pool" }
        }

        func index(_ paths: [String]) throws {
            let sizes = try PackageDirectory.sizes(in: directory)
            let entries = paths.map { "PATH: \($0)\nSIZE: \(sizes[$0] ?? 1)\n" }
            let text = (["PACKAGES: \(paths.count)\n"] + entries).joined(separator: "\n")
            try FileContent.write(Array(text.utf8), to: directory.appending("Packages"))
        }
    }

    private static let paths = ["cat/zen/zen-1-1.gpkg.tar", "cat/zen/zen-2-1.gpkg.tar"]

    private func with(_ body: (World) async throws -> Void) async throws {
        try await RecordFixture.with { fixture in
            let state = StateDirectory(path: fixture.files.root.appending("state"))
            let directory = state.pool.pushing(FilePath(Self.flavour))
            for path in Self.paths {
                let file = directory.pushing(FilePath(path))
                try await Self.makePackage(
                    String(file.lastComponent?.string.dropLast(9) ?? ""), at: file)
            }
            var package = try RecordFixture.package("cat/zen-1")
            let file = directory.pushing(FilePath(Self.paths[0]))
            package.size = Int64(try #require(try FileStatus.of(file)).size)
            package.sha256 = try await FileDigests().digest(of: file)
            _ = try await Recorder(fixture.repository).record(
                try fixture.build(packages: [package]))
            let world = World(
                fixture: fixture, state: state, directory: directory, recorded: package)
            try world.index(Self.paths)
            try await body(world)
        }
    }

    @Test func partialFilesAreReportedAndRemoved() async throws {
        try await with { world in
            #expect(try await world.verify().directories == [])
            #expect(try world.doctor() == [])
            let partial = [
                "cat/zen/zen-3-1.gpkg.tar", "cat/zen/zen-3-1.gpkg.taru2twn_qn.2", "Packagesab12",
            ]
            for name in partial {
                try FileContent.write([], to: world.directory.pushing(FilePath(name)))
            }
            let report = try await world.verify()
            #expect(report.directories.map(\.partial) == [partial.sorted()])
            #expect(report.unknown == ["\(Self.flavour)/\(Self.paths[1])"])
            #expect(try world.doctor().map(\.level) == [.warn])
            #expect(try world.doctor().map(\.hints) == [["git zentoo repair"]])

            // Files of a running build are ignored.
            guard let locked = try PackageDirectory.tryLock(Self.flavour, in: world.state.pool)
            else { throw Errno.resourceBusy }
            #expect(try await world.verify().directories == [])
            #expect(try await Repair(machine: world.machine).run().partial == [])
            _ = consume locked

            let repaired = try await Repair(machine: world.machine).run()
            #expect(repaired.partial == partial.sorted().map { "\(Self.flavour)/\($0)" })
            #expect(repaired.obstacles == [])
            #expect(try await world.verify().directories == [])
            let left = try PackageDirectory.sizes(in: world.directory)
            #expect(left.keys.sorted() == Self.paths)
        }
    }

    @Test func recordedFileIsNotRemovedAsPartial() async throws {
        try await with { world in
            try FileContent.write([], to: world.directory.pushing(FilePath(Self.paths[0])))
            _ = try await Repair(machine: world.machine).run()
            #expect(
                try FileStatus.of(world.directory.pushing(FilePath(Self.paths[0]))) != nil)
            #expect(try await world.verify().problems.map(\.kind) == [.altered])
        }
    }

    /// Without a stage to run Portage in, missing files are at least removed from
    /// the index.
    @Test func missingFileIsRemovedFromIndex() async throws {
        try await with { world in
            try FileContent.remove(world.directory.pushing(FilePath(Self.paths[1])))
            let report = try await world.verify()
            #expect(report.directories.map(\.stale) == [[Self.paths[1]]])
            #expect(
                try world.doctor().map(\.message) == [
                    "'\(Self.flavour)': the index names 1 package that is not there"
                ])
            _ = try await Repair(machine: world.machine).run()
            #expect(try await world.verify().directories == [])
        }
    }

    @Test func deletedIndexIsReported() async throws {
        try await with { world in
            try FileContent.remove(world.directory.appending("Packages"))
            let report = try await world.verify()
            #expect(report.directories.map(\.lacksIndex) == [true])
            #expect(
                try world.doctor().map(\.message) == [
                    "'\(Self.flavour)': there is no index 'Packages'"
                ])
            let repaired = try await Repair(machine: world.machine).run()
            #expect(repaired.indexed == [])
            #expect(repaired.obstacles.count == 1)
        }
    }
}
