@testable import Sites
import SystemPackage
import Testing

@Suite struct StagesFileTests {
    private static let fingerprint = "13EBBDBEDE7A12775DFDB1BABB572E0E2D182910"

    @Test func linesAreParsed() throws {
        let file = StagesFile.parse(
            Array(
                """
                # what we build on
                amd64-openrc https://example.org/stage3.tar.xz \(Self.fingerprint.lowercased())

                local\t/srv/stage  # a directory
                ours pool:znver3-base-default-router
                """.utf8))
        #expect(file.mistakes.isEmpty)
        #expect(file.entries.map(\.line) == [2, 4, 5])
        #expect(file.entries.map(\.name.text) == ["amd64-openrc", "local", "ours"])
        #expect(
            file.entries.map(\.source) == [
                .url("https://example.org/stage3.tar.xz"), .path("/srv/stage"),
                .pool(tuple: "znver3-base-default-router"),
            ])
        #expect(file.entries.map(\.key?.description) == [Self.fingerprint, nil, nil])
    }

    @Test func mistakesAreReportedWithLine() {
        let file = StagesFile.parse(
            Array(
                """
                good /a
                Bad /a
                alone
                good /b
                relative stage.tar
                short /a BB572E0E2D182910
                oci oci:gentoo/stage3
                made pool:router
                many /a \(Self.fingerprint) more
                """.utf8), ref: "main")
        #expect(file.entries.map(\.name.text) == ["good"])
        #expect(
            file.mistakes.map { "\($0.place): \($0.message)" } == [
                "main:config/stages:2: 'Bad' is not a valid name",
                "main:config/stages:3: expected a name, a source and at most a fingerprint",
                "main:config/stages:4: stage 'good' is already on line 1",
                "main:config/stages:5: 'stage.tar' is a relative path",
                "main:config/stages:6: 'BB572E0E2D182910' is not the fingerprint of a key",
                "main:config/stages:7: cannot fetch a stage from 'oci:gentoo/stage3': "
                    + "unknown scheme 'oci'",
                "main:config/stages:8: 'pool:router' names no tuple",
                "main:config/stages:9: expected a name, a source and at most a fingerprint",
            ])
        #expect(file.mistakes.allSatisfy { $0.hint != nil })
    }

    @Test func sourcesAreParsed() throws {
        #expect(try StageSource("a/../b.tar", relativeTo: "/x") == .path("/x/b.tar"))
        #expect(try StageSource("FILE:///a") == .url("FILE:///a"))
        #expect(try StageSource("/a:b/c") == .path("/a:b/c"))
        #expect(try StageSource("pool:a-b-c-d", relativeTo: "/x") == .pool(tuple: "a-b-c-d"))
        #expect(try "\(StageSource("pool:a-b-c-d"))" == "pool:a-b-c-d")
        for text in ["pool:", "pool:../a-b-c-d", "pool:a-b-c-d/../x", "pool:a b-c-d-e"] {
            #expect(throws: StageError.self, "\(text)") { try StageSource(text) }
        }
        #expect(throws: StageError.self) { try StageSource("ftp://example.org/a") }
        #expect(throws: StageError.self) { try StageSource("a\nb", relativeTo: "/x") }
        #expect(throws: StageError.self) { try StageSource("", relativeTo: "/x") }
        #expect(try StageSource("https://e.org/d/s.tar.xz?x=/y").fileName == "s.tar.xz")
    }
}
