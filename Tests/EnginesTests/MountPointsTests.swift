import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// Where mounts are placed in a root; nothing is mounted.
@Suite struct MountPointsTests {
    private static func inRoot(
        links: [String: String] = [:], _ body: (FilePath, inout MountPoints) throws -> Void
    ) throws {
        try TemporaryDirectory.with { directory in
            let root = directory.appending("root")
            for name in ["root", "root/etc", "root/usr", "outside"] {
                try #require(mkdir(directory.appending(name).string, 0o755) == 0)
            }
            try EngineContractStage.write("x", to: root.appending("etc/file"))
            for (name, link) in links {
                try #require(symlink(link, root.appending(name).string) == 0)
            }
            var points = MountPoints(root: root)
            try body(root, &points)
            #expect(rmdir(directory.appending("outside").string) == 0)
        }
    }

    private static func memory(_ target: String) -> Mount { .memory(target: target, bytes: 1) }

    @Test func existingMountPointIsUsed() throws {
        try Self.inRoot { root, points in
            let place = try points.add(Self.memory("/usr"))
            #expect(place == .init(target: "/usr", permissions: 0o755))
            #expect(points.made == [])
        }
    }

    @Test func missingMountPointsAreCreatedAndRemoved() throws {
        try Self.inRoot { root, points in
            let place = try points.add(Self.memory("/var/cache/x"))
            #expect(place.target == "/var/cache/x")
            #expect(access(root.appending("var/cache/x").string, F_OK) == 0)
            let file = Mount.readOnly(source: root.appending("etc/file"), target: "/usr/f")
            #expect(try points.add(file).target == "/usr/f")
            try EngineContractStage.write("mine", to: root.appending("var/keep"))
            points.removeMade()
            #expect(access(root.appending("var/cache").string, F_OK) != 0)
            #expect(access(root.appending("usr/f").string, F_OK) != 0)
            // What a step wrote next to a mount stays.
            #expect(try Processes.text(of: root.appending("var/keep")) == "mine")
        }
    }

    @Test(arguments: [
        ("/link/a", "/etc", "/etc/a"),
        ("/link/a", "etc", "/etc/a"),
        ("/link/a", "../../../../usr/./lib/..", "/usr/a"),
        ("/link", "usr", "/usr"),
        ("/link/a", "/missing/deep", "/missing/deep/a"),
        ("/link/a", "../outside", "/outside/a"),
    ])
    func linksResolveWithinRoot(
        _ target: String, _ link: String, _ expected: FilePath
    ) throws {
        try Self.inRoot(links: ["link": link]) { root, points in
            let place = try points.add(Self.memory(target))
            #expect(place.target == expected)
            let made = root.appending(expected.components)
            #expect(access(made.string, F_OK) == 0)
        }
    }

    @Test(arguments: ["/link/a", "/link"])
    func linkLoopsAreRefused(_ target: String) throws {
        try Self.inRoot(links: ["link": "other", "other": "/link"]) { _, points in
            #expect(throws: EngineError.self) { try points.add(Self.memory(target)) }
        }
    }

    @Test(arguments: ["/proc/x", "/dev", "/link/x", "/etc/file/x"])
    func protectedTargetsAreRefused(_ target: String) throws {
        try Self.inRoot(links: ["link": "../sys"]) { root, points in
            #expect(throws: EngineError.self) { try points.add(Self.memory(target)) }
            #expect(points.made == [])
        }
    }

    @Test func laterMountsResolveInEarlierOnes() throws {
        try Self.inRoot { root, points in
            _ = try points.add(.readWrite(source: root.appending("usr"), target: "/var/pool"))
            let place = try points.add(Self.memory("/var/pool/new"))
            #expect(place.target == "/var/pool/new")
            #expect(access(root.appending("usr/new").string, F_OK) == 0)
            // On a tmpfs nothing needs to be created: bwrap does that.
            #expect(try points.add(Self.memory("/var/pool/new/a/b")).target == "/var/pool/new/a/b")
            #expect(access(root.appending("usr/new/a").string, F_OK) != 0)
            _ = try points.add(.readOnly(source: root.appending("etc"), target: "/ro"))
            #expect(try points.add(Self.memory("/ro/file")).target == "/ro/file")
            #expect(throws: EngineError.self) { try points.add(Self.memory("/ro/missing")) }
        }
    }
}
