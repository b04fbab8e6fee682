import Sites
import Testing

@Suite struct TupleTests {
    static func names(_ texts: String...) throws -> Set<ZentooName> {
        Set(try texts.map(ZentooName.init))
    }

    @Test(arguments: ["base", "0ad", "x86-64-v3", "g++", "a.b_c"])
    func validNamesAreAccepted(_ text: String) throws {
        #expect(try ZentooName(text).text == text)
    }

    @Test(arguments: ["", "-a", ".a", "a/b", "A", "a b", "a..b", "a.", "a.lock", "ä", "a\n", "@"])
    func invalidNamesAreRefused(_ text: String) {
        let error = #expect(throws: ZentooError.self) { try ZentooName(text) }
        #expect(error?.code == .invalidName)
    }

    @Test func hyphenatedNamesAreResolvedByExistingNames() throws {
        let parts = KnownParts(
            cpus: try Self.names("x86-64", "x86-64-v3"),
            portages: try Self.names("base", "v3-base"),
            buildhooks: try Self.names("default"),
            sets: [nil: try Self.names("router", "big-router")])
        let one = parts.readings(of: "x86-64-v3-base-default-big-router")
        #expect(Set(one.map(\.cpu.text)) == ["x86-64", "x86-64-v3"])
        let other = parts.readings(of: "x86-64-base-default-router")
        #expect(other.map(\.text) == ["x86-64-base-default-router"])
        #expect(other.map(\.parts) == [["x86-64", "base", "default", "router"]])
    }

    @Test func firstUnknownPartIsNamed() throws {
        let parts = KnownParts(
            cpus: try Self.names("znver3"), portages: try Self.names("base"),
            buildhooks: try Self.names("default"), sets: [nil: try Self.names("router")])
        #expect(parts.missingPart(of: "zen-base-default-router").part == "cpu")
        #expect(parts.missingPart(of: "znver3-bas-default-router").part == "portage branch")
        #expect(parts.missingPart(of: "znver3-base-none-router").part == "buildhooks branch")
        let last = parts.missingPart(of: "znver3-base-default-desk")
        #expect(last.part == "package set")
        #expect(last.rest == "desk")
        #expect(last.known.map(\.text) == ["router"])
    }

    @Test func setOfOtherPortageBranchIsIgnored() throws {
        let musl = try ZentooName("musl")
        let parts = KnownParts(
            cpus: try Self.names("znver3"), portages: try Self.names("base", "musl"),
            buildhooks: try Self.names("default"), sets: [musl: try Self.names("router")])
        #expect(parts.readings(of: "znver3-base-default-router").isEmpty)
        #expect(parts.readings(of: "znver3-musl-default-router").count == 1)
    }

    @Test(arguments: [
        ("*-*-*-*", true), ("x86-64-v3-*-*-*", true), ("x86-64-v2-*-*-*", false),
        ("*-base-default-*", true), ("*-bas-default-*", false), ("*-*-*-rout*", true),
        ("x*3-b*e-*-*", true), ("*-v3-base-default-router", true), ("*-*-*-router-*", false),
    ])
    func patternsMatchPartByPart(_ text: String, _ expected: Bool) throws {
        let tuple = Tuple(
            cpu: try ZentooName("x86-64-v3"), portage: try ZentooName("base"),
            buildhooks: try ZentooName("default"), packages: try ZentooName("router"))
        #expect(try #require(TuplePattern(text)).matches(tuple) == expected)
    }

    @Test(arguments: ["*", "*-*-*", "*-*-*-a/b"])
    func invalidPatternsAreRefused(_ text: String) {
        #expect(TuplePattern(text) == nil)
    }

    /// A malicious push may contain such a pattern: with backtracking, matching it
    /// would practically never end.
    @Test func patternWithManyStarsMatchesFast() throws {
        let tuple = Tuple(
            cpu: try ZentooName(String(repeating: "a", count: 90)), portage: try ZentooName("b"),
            buildhooks: try ZentooName("c"), packages: try ZentooName("d"))
        let stars = String(repeating: "*a", count: 40)
        #expect(try #require(TuplePattern("\(stars)-*-*-*")).matches(tuple))
        #expect(try !#require(TuplePattern("\(stars)*b-*-*-*")).matches(tuple))
        #expect(TuplePattern(String(repeating: "*-", count: 30) + "*") == nil)
    }
}
