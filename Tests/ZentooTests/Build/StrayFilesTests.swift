@testable import Builds
import Engines
import Files
import Glibc
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Files that a package's build leaves in the pool besides packages.
@Suite struct StrayFilesTests {
    private static func put(_ path: FilePath, in directory: FilePath) throws {
        let file = directory.pushing(path)
        try Directory.create(file.removingLastComponent())
        try FileContent.write(Array("x".utf8), to: file)
    }

    private static func link(_ target: String, at path: FilePath) throws {
        try #require(symlink(target, path.string) == 0)
    }

    @Test func onlyPackagesStay() throws {
        try TemporaryDirectory.with { directory in
            let whole: [FilePath] = [
                "Packages", ".Packages.portage_lockfile",
                "app-misc/zen/zen-1-1.gpkg.tar", "app-misc/zen/zen-1-2.gpkg.tar",
            ]
            let strays: [FilePath] = [
                ".hidden", "app-misc/note", "app-misc/zen/zen-1-1.gpkg.tar.part", "loot.gpkg.tar",
                "secrets", "app-misc/zen/deep",
            ]
            for path in whole { try Self.put(path, in: directory) }
            for path in strays.dropLast(2) { try Self.put(path, in: directory) }
            for path: FilePath in ["secrets/etc/shadow", "app-misc/zen/deep/zen-1-1.gpkg.tar"] {
                try Self.put(path, in: directory)
            }
            #expect(Set(try PackageDirectory.strays(in: directory, besides: nil)) == Set(strays))
            let known: Set = ["app-misc/zen/zen-1-1.gpkg.tar"]
            #expect(
                Set(try PackageDirectory.strays(in: directory, besides: known))
                    == Set(strays + ["app-misc/zen/zen-1-2.gpkg.tar"]))
        }
    }

    @Test func linksAreStrays() throws {
        try TemporaryDirectory.with { directory in
            try Self.put("app-misc/zen/zen-1-1.gpkg.tar", in: directory)
            try Self.link(
                "/etc/passwd", at: directory.pushing("app-misc/zen/zen-1-2.gpkg.tar"))
            try Self.link("/etc", at: directory.appending("app-admin"))
            #expect(
                Set(try PackageDirectory.strays(in: directory, besides: nil))
                    == ["app-misc/zen/zen-1-2.gpkg.tar", "app-admin"])
        }
    }

    @Test func strayNamesNeedNotBeUTF8() async throws {
        try await PoolFixture.with { fixture in
            try await fixture.put("made", "cat/made-1")
            try await fixture.run(
                "cd '\(fixture.directory)' && mkdir \"$(printf '\\377\\376')\" && "
                    + "echo x >\"$(printf '\\377\\376')/x\" && echo x >\"cat/$(printf '\\377')\"")
            let directory = try await PackageDirectory.lock(
                fixture.flavour, in: fixture.state.pool
            ) {}
            let removed = try await directory.removeStrays(isWhole: false, by: .ofTests)
            #expect(removed.count == 2)
            _ = consume directory
            #expect(try Directory.names(in: fixture.directory) == ["cat"])
            #expect(try Directory.names(in: fixture.directory.appending("cat")) == ["made"])
        }
    }
}
