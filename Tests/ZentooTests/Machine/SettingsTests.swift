@testable import Builds
import Files
import Git
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Which site a command applies to.
struct SettingsTests {
    private func site(
        head: String, configured: [String] = [], others: [String] = []
    ) async throws -> String {
        var site = ""
        try await TemporaryRepository.with { temporary in
            var fixture = SiteFixture()
            for other in others { fixture.branches[other] = fixture.branches["main"] }
            try fixture.commit(to: temporary)
            let commit = try temporary.open().resolve(RefName.branch("main"))
            try FileContent.write(
                Array(
                    (head.isEmpty ? "\(commit ?? .zero)\n" : "ref: refs/heads/\(head)\n").utf8),
                to: temporary.gitDirectory.appending("HEAD"))
            let listing = configured.map { "zentoo.site\n\($0)\0" }.joined()
            let settings = try Settings(
                Configuration(listing: Array(listing.utf8), homeDirectory: nil),
                repository: temporary.open())
            site = try settings.site(named: nil, in: temporary.open()).text
        }
        return site
    }

    @Test(arguments: ["main", "portage/base", "buildhooks/default", "a/feature", ""])
    func onlySiteIsUsedWhateverHEADIs(head: String) async throws {
        #expect(try await site(head: head) == "main")
    }

    @Test func branchOfHEADIsPreferred() async throws {
        #expect(try await site(head: "other", others: ["other"]) == "other")
        #expect(try await site(head: "other", configured: ["main", "other"]) == "other")
    }

    @Test func ambiguousSiteMustBeNamed() async throws {
        let error = await #expect(throws: ZentooError.self) {
            try await site(head: "portage/base", others: ["other"])
        }
        #expect(error?.code == .ambiguous)
        #expect(error?.hints == ["name one with --site: main, other"])
    }
}
