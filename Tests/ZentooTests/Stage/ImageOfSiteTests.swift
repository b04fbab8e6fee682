@testable import Builds
import Engines
import Files
import Git
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// How a site records a stage that is an image.
@Suite(.enabled(if: ImageFixture.isPossible, "needs skopeo, umoci and docker-registry"))
struct ImageOfSiteTests {
    private static func with(
        _ body: (_ images: ImageFixture, _ files: TemporaryRepository, Machine) async throws -> Void
    ) async throws {
        var fixture = SiteFixture()
        fixture["main", "config/stages"] = "# ours\nopenrc /srv/openrc.tar\n"
        try await ImageFixture.with { images in
            try await images.makeLayers()
            try await images.make("whole", of: ["lower.tar", "upper.tar"])
            try await images.make("other", of: ["lower.tar"])
            try await fixture.withSite { _, files in
                // No working tree has the branch checked out.
                try await files.git("symbolic-ref", "HEAD", "refs/heads/elsewhere")
                let machine = Machine(
                    repository: files.gitDirectory,
                    state: StateDirectory(path: files.root.appending("state")),
                    engine: FakeEngine(), privileges: .ofTests, remote: nil,
                    identity: TemporaryRepository.signature, signer: nil, git: files.git,
                    downloads: images.environment, sources: [:], parallelism: 1)
                try await body(images, files, machine)
            }
        }
    }

    private static func site(_ files: TemporaryRepository) throws -> Site {
        try Site(ZentooName("main"), in: files.open(), remote: nil)
    }

    /// Adds the stage to the site as it is now; without a source, by its name
    /// there.
    private static func add(
        _ source: String?, platform: ImagePlatform? = nil, key: StageTrust.Key? = nil,
        to files: TemporaryRepository, _ machine: Machine
    ) async throws -> StagePin {
        try await SiteEditor(site(files), machine: machine).addStage(
            ZentooName("tiny"), source: source.map { try StageSource($0) }, platform: platform,
            key: key, report: { _ in }
        ).pin
    }

    private static func stages(_ files: TemporaryRepository) throws -> String {
        let site = try site(files)
        let bytes = try site.repository.blob(in: site.tree, TreePath(StagesFile.path)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func digestOfImageIsWritten() async throws {
        try await Self.with { images, files, machine in
            let named = "docker://\(images.host)/a/b:now"
            let first = try await images.push("whole", to: "a/b:now")
            let pin = try await Self.add(named, to: files, machine)
            let before = "# ours\nopenrc /srv/openrc.tar\n"
            #expect(try Self.stages(files) == before + "tiny \(named)@sha256:\(first)\n")
            #expect(try Self.site(files).lock.stages[ZentooName("tiny")]?.digest == pin.digest)

            // By its name the stage stays the same, whatever the tag names now.
            let second = try await images.push("other", to: "a/b:now")
            let count = try await files.git("rev-list", "--count", "main")
            #expect(try await Self.add(nil, to: files, machine) == pin)
            #expect(try await files.git("rev-list", "--count", "main") == count)
            // With the source given again it becomes what the tag names now.
            #expect(try await Self.add(named, to: files, machine) != pin)
            #expect(try Self.stages(files) == before + "tiny \(named)@sha256:\(second)\n")
        }
    }

    @Test func contentOtherThanLockedIsRefused() async throws {
        try await Self.with { images, files, machine in
            let digest = try await images.push("whole", to: "a/b:now")
            let source = "docker://\(images.host)/a/b@sha256:\(digest)"
            try await Self.commit(
                [
                    StagesFile.path: "tiny \(source)\n",
                    SiteLock.path: "stage tiny sha256:\(SiteFixture.digest)\n",
                ], to: files)
            let error = await #expect(throws: StageError.self) {
                try await Self.add(nil, to: files, machine)
            }
            #expect(error?.code == .lockMismatch)
            #expect(error?.hints.last?.hasSuffix("'git zentoo stage add tiny \(source)'") == true)
            // The command of the hint.
            let pin = try await Self.add(source, to: files, machine)
            #expect(try Self.site(files).lock.stages[ZentooName("tiny")]?.digest == pin.digest)
        }
    }

    @Test func platformNeedsImageSource() async throws {
        try await Self.with { images, files, machine in
            let platform = try ImagePlatform("linux/\(ImageFixture.ours)")
            try await images.push("whole", to: "a/b:now")
            _ = try await Self.add(
                "docker://\(images.host)/a/b:now", platform: platform, to: files, machine)
            for source in [nil, "/srv/stage.tar"] {
                let error = await #expect(throws: ZentooError.self) {
                    try await Self.add(source, platform: platform, to: files, machine)
                }
                #expect(error?.code == .unsupported)
            }
        }
    }

    private static func commit(
        _ texts: [String: String], to files: TemporaryRepository
    ) async throws {
        let repository = try files.open()
        let site = try site(files)
        let changes = try texts.map { path, text in
            TreeChange.put(TreePath(path), .file, try repository.writeBlob(text.utf8))
        }
        let commit = try repository.createCommit(
            tree: try repository.editTree(base: site.tree, changes), parents: [site.commit],
            author: TemporaryRepository.signature, message: "stage")
        try repository.set(.branch("main"), to: commit, expecting: .anything)
    }
}
