@testable import Sites
import Testing

/// Sets that are known although no file of the site defines them.
@Suite struct SetsConfTests {
    static let repository = [
        "sets.conf": """
        # What the repository brings along.
        [one]
        class = portage.sets.dbapi.VariableSet
        variable = PROPERTIES
        [two]
        name: second
        [three]
        class = portage.sets.files.StaticFileSet
        multiset = True
        directory = ${repository:gentoo}/sets
        name_pattern = kde-${name}

        """,
        "sets/frameworks": "kde-frameworks/kio\n",
    ]

    private func mistakes(
        naming set: String, _ change: (inout SiteFixture) -> Void
    ) async throws -> [String] {
        var fixture = SiteFixture()
        fixture["main", "config/portage/sets/web"] = .file("@\(set)\n")
        change(&fixture)
        return try await fixture.withSite { site, _ in try site.check().map(\.message) }
    }

    @Test(arguments: ["live-rebuild", "module-rebuild", "one", "second", "kde-frameworks"])
    func setsOfPortageAndRepositoryAreKnown(name: String) async throws {
        let mistakes = try await mistakes(naming: name) { $0.repositoryFiles = Self.repository }
        #expect(mistakes == [])
    }

    @Test(arguments: ["two", "three", "frameworks", "kde-plasma", "${name}"])
    func otherSetsAreUnknown(name: String) async throws {
        let mistakes = try await mistakes(naming: name) { $0.repositoryFiles = Self.repository }
        #expect(mistakes == ["unknown set '@\(name)'"])
    }

    @Test func setsConfCanBeDirectory() async throws {
        let mistakes = try await mistakes(naming: "own") {
            $0.repositoryFiles = ["sets.conf/10-own": "[own]\nclass = X\n"]
        }
        #expect(mistakes == [])
    }

    @Test func portageBranchCanDefineSets() async throws {
        let mistakes = try await mistakes(naming: "own") {
            $0["portage/base", "sets.conf"] = "[own]\npackages = app-misc/x\n"
        }
        #expect(mistakes == [])
    }

    @Test func namesOnlyPortageKnowsAreAccepted() async throws {
        let mistakes = try await mistakes(naming: "cat/dev-lang") {
            $0.repositoryFiles = [
                "sets.conf": "[cats]\nclass = portage.sets.dbapi.CategorySet\nmultiset = yes\n"
            ]
        }
        #expect(mistakes == [])
    }

    @Test func missingRepositoryAcceptsAllSets() async throws {
        let mistakes = try await mistakes(naming: "anything") { $0.repositoryFiles = nil }
        #expect(mistakes == [])
    }
}
