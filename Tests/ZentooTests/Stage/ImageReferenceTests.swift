@testable import Builds
@testable import Sites
import SystemPackage
import Testing

@Suite struct ImageReferenceTests {
    private static let digest = String(repeating: "5", count: 64)

    @Test func dockerNamesAreParsed() throws {
        let digest = Self.digest
        for (text, locator) in [
            ("alpine", "docker.io/library/alpine:latest"),
            ("gentoo/stage3", "docker.io/gentoo/stage3:latest"),
            ("gentoo/stage3:amd64-openrc", "docker.io/gentoo/stage3:amd64-openrc"),
            ("gentoo/stage3:x@sha256:\(digest)", "docker.io/gentoo/stage3@sha256:\(digest)"),
            ("gentoo/stage3@sha256:\(digest)", "docker.io/gentoo/stage3@sha256:\(digest)"),
            ("localhost/a", "localhost/a:latest"),
            ("a:5000/b", "a:5000/b:latest"),
            (
                "127.0.0.1:5000/a/b_c/d__e/f--g/h.i:V1.0_x-",
                "127.0.0.1:5000/a/b_c/d__e/f--g/h.i:V1.0_x-"
            ),
            ("Reg/a", "Reg/a:latest"),
            ("ghcr.io/a:b", "ghcr.io/a:b"),
        ] {
            let reference = try #require(ImageReference(text), "\(text)")
            #expect(reference.locator == "docker://\(locator)")
            #expect("\(reference)" == "docker://\(text)")
            #expect(try StageSource("docker://\(text)") == .image(reference))
        }
    }

    @Test(arguments: [
        "", "/", "a/", "/a", "a//b", "-a", "--all", "a/-b", "a:", ":b", "a:-b", "a:b:c", "a b",
        "A", "a/B", "a\u{1}", "a\n", "a@", "a@sha256:", "a@sha256:5", "a@sha512:\(digest)",
        "a@sha256:\(digest)@sha256:\(digest)", "a@sha256:\(digest):b", "a._b/c", "a..b", "a___b",
        "h.:1/a", "h:x/a", "h:/a", "h:123456/a", "-h.x/a", "u@h.x/a", "ä/b", "a:é", "a?b", "../a",
        ".",
        "//a", "[::1]:5000/a", "a:\(String(repeating: "t", count: 129))",
        String(repeating: "a", count: 256),
    ])
    func invalidReferencesAreRefused(text: String) {
        #expect(ImageReference(text) == nil)
        let error = #expect(throws: StageError.self) { try StageSource("docker://\(text)") }
        #expect(error?.code == .unsupported)
    }

    @Test func onlyDockerSchemeIsAccepted() throws {
        for text in ["docker:a/b", "DOCKER://a/b", "docker-daemon:a", "oci:a", "dir:/a"] {
            #expect(throws: StageError.self, "\(text)") { try StageSource(text, relativeTo: "/x") }
        }
    }

    @Test func pinnedReferenceKeepsTag() throws {
        let digest = try #require(SHA256Digest(Self.digest))
        let other = String(repeating: "6", count: 64)
        for (text, pinned) in [
            ("gentoo/stage3", "gentoo/stage3:latest"), ("a/b:c", "a/b:c"),
            ("a/b:c@sha256:\(other)", "a/b:c"), ("a/b@sha256:\(other)", "a/b"),
        ] {
            let reference = try #require(ImageReference(text)).pinned(to: digest)
            #expect("\(reference)" == "docker://\(pinned)@sha256:\(digest)")
            let file = StagesFile.parse(Array("tiny \(reference)\n".utf8))
            #expect(file.entries.map(\.source) == [.image(reference)])
        }
    }

    @Test func platformsAreParsedAsDockerDoes() throws {
        for (text, platform) in [
            ("linux/amd64", "linux/amd64"), ("arm64", "linux/arm64"), ("aarch64", "linux/arm64"),
            ("linux/x86_64", "linux/amd64"), ("linux/arm/v7", "linux/arm/v7"),
            ("arm/v6", "linux/arm/v6"),
        ] {
            #expect(try "\(ImagePlatform(text))" == platform)
        }
        for text in [
            "", "linux/", "/arm64", "windows/amd64", "linux/--x", "a/b/c/d", "linux", "Linux/x",
        ] {
            #expect(throws: StageError.self, "\(text)") { try ImagePlatform(text) }
        }
    }

    @Test func keyIsRefusedForImage() async throws {
        let fingerprint = try #require(KeyFingerprint(String(repeating: "5", count: 40)))
        try await StageFixture.with { fixture in
            let error = await #expect(throws: StageError.self) {
                try await fixture.store.add(
                    name: fixture.name, source: StageSource("docker://127.0.0.1:1/a"),
                    trust: StageTrust(key: StageTrust.Key(fingerprint: fingerprint, bytes: [])))
            }
            // It is refused before anything is fetched.
            #expect(error?.code == .notSigned)
            #expect(error?.hints.isEmpty == false)
        }
    }
}
