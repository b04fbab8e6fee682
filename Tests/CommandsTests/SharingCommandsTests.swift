import Git
import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// Cloning and merging records, as a user types it.
@Suite struct SharingCommandsTests {
    @Test func recordsAreSharedWithRemotes() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try TypedSession(directory)
            await session.type("init site", in: ".")
            try await MadeUp.record(
                builds: [1, 2], in: Repository.open(directory.appending("site")))
            for line in ["clone site", "clone site", "clone site copy", "clone none x"] {
                await session.type(line, in: ".")
            }
            for line in ["remote update", "remote update nobody", "remote setup"] {
                await session.type(line, in: "copy")
            }
            var asked = session
            let (here, there) = (
                await asked.type("log --json"), await asked.type("log --json", in: "copy")
            )
            #expect(here == there)
            #expect(here.status == 0)
            await session.type("clone --mirror site", in: ".")
            await session.type("init fresh", in: ".")
            for line in [
                "remote update", "remote add origin ../site", "remote add origin ../site",
                "remote update", "remote update --json", "remote setup",
            ] {
                await session.type(line, in: "fresh")
            }
            try assertSnapshot(session.transcript, named: "site/shared")
        }
    }

    @Test(
        arguments: [
            ("https://example.org/net.git", "net"), ("https://example.org/net/", "net"),
            ("host:net.git", "net"), ("/srv/net/.git", "net"), ("../net", "net"),
            ("/srv/net.bundle", "net"), ("..", nil), ("/", nil), ("", nil),
        ] as [(String, String?)])
    func cloneNameFollowsAddress(address: String, name: String?) {
        #expect(CloneName.name(for: address, isBare: false) == name)
        #expect(CloneName.name(for: address, isBare: true) == name.map { $0 + ".git" })
    }
}
