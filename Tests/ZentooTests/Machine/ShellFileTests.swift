import Git
@testable import Records
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// The file with which docker compose starts shells.
@Suite struct ShellFileTests {
    private func file(_ temporary: TemporaryRepository) throws -> ShellFile {
        let repository = try temporary.open()
        return try ShellFile(
            Site(ZentooName("main"), in: repository, remote: nil), ResultReader(repository))
    }

    @Test func shellHasMountsOfJobAndWritesOnlyDistfiles() async throws {
        try await TemporaryRepository.with { temporary in
            try SiteFixture().commit(to: temporary)
            let file = try file(temporary)
            let image = "zentoo-stage:\(SiteFixture.digest.prefix(12))"
            for shell in ["shell-openrc", "shell-a-base-default-web"] {
                let service = try #require(file.text.firstRange(of: "  \(shell):\n"))
                let rest = file.text[service.upperBound...]
                #expect(rest.hasPrefix("    <<: *shell\n    image: \"\(image)\"\n"))
            }
            #expect(file.text.contains("cap_drop: [\"ALL\"]"))
            let mount = { (target: String, isReadOnly: Bool) in
                "        target: \"\(target)\"\n        read_only: \(isReadOnly)\n"
            }
            #expect(file.text.contains(mount("/var/cache/binpkgs", true)))
            #expect(file.text.contains(mount("/var/cache/distfiles", false)))
            #expect(file.text.contains(mount("/var/db/repos/gentoo", true)))
            #expect(file.text.contains("device: \"${ZENTOO_POOL:-/var/lib/zentoo/main/pool}\""))
            #expect(!file.isCurrent)
            #expect(file.text == (try self.file(temporary).text))
        }
    }

    @Test func fileIsCurrentOnceCommitted() async throws {
        try await TemporaryRepository.with { temporary in
            var fixture = SiteFixture()
            try fixture.commit(to: temporary)
            fixture["main", ShellFile.path] = .file(try file(temporary).text)
            try fixture.commit(to: temporary)
            #expect(try file(temporary).isCurrent)
            fixture["main", "config/tuples"] = "a-base-default-web\na-base-default-tools\n"
            try fixture.commit(to: temporary)
            #expect(try !file(temporary).isCurrent)
        }
    }

    @Test func differingPathsBecomeSettings() async throws {
        try await TemporaryRepository.with { temporary in
            try SiteFixture().commit(to: temporary)
            let file = try file(temporary)
            #expect(file.settings(of: StateDirectory(path: "/var/lib/zentoo/main")) == [])
            #expect(
                file.settings(of: StateDirectory(path: "/var/lib/zentoo/main", pool: "/pool"))
                    == ["ZENTOO_POOL=/pool"])
        }
    }

    @Test func serviceKeyIsEscaped() {
        #expect(ShellService.key("x/gtk+-3.0_a") == "x-gtkPlus-3.0_a")
    }
}
