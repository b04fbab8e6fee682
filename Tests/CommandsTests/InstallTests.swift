import Exec
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite(.endsHangs) struct InstallTests {
    private static let root = FilePath("\(#filePath)").removingLastComponent()
        .removingLastComponent().removingLastComponent()
    private static let binary = Platform.executable().removingLastComponent()
        .appending("git-zentoo")

    private func install(_ arguments: [String]) async throws -> Completion {
        try await Invocation("\(Self.root)/config/install", arguments).run()
    }

    private func files(below directory: String) async throws -> [Substring] {
        let found = try await Invocation(
            "find", [directory, "!", "-type", "d", "-printf", "%P\\n"]
        )
        .run().orThrow()
        return found.text.split(separator: "\n").sorted()
    }

    @Test func installedFilesWorkAndAreRemoved() async throws {
        let directory = "/tmp/zentoo-test-install-\(UInt64.random(in: .min ... .max))"
        let place = ["--prefix", "/usr", "--destdir", directory]
        // Twice: reinstalling the same version changes nothing.
        for _ in 1...2 {
            try await install(place + ["--binary", "\(Self.binary)"]).orThrow()
        }
        let files = try await files(below: directory)
        for file in [
            "usr/bin/git-zentoo", "usr/share/man/man1/git-zentoo.1",
            "usr/share/bash-completion/completions/git-zentoo",
            "usr/share/zsh/site-functions/_git-zentoo",
            "usr/share/fish/vendor_completions.d/git-zentoo.fish", "usr/share/git-zentoo/files",
            "usr/share/git-zentoo/hooks/pre-receive", "usr/share/git-zentoo/notify/mail",
            "usr/share/git-zentoo/systemd/git-zentoo-worker@.service",
        ] {
            #expect(files.contains(file[...]), "'\(file)' is missing")
        }
        let said = try await Invocation(
            "git", ["zentoo", "--version"],
            environment: ["PATH": "\(directory)/usr/bin:/usr/bin:/bin", "HOME": directory]
        ).run().orThrow()
        #expect(said.text == Version.sentence)

        try await install(["--remove"] + place).orThrow()
        #expect(try await self.files(below: directory).isEmpty)
        #expect(try await install(["--remove"] + place).status == .exited(128))
        try await Invocation("rm", ["-rf", directory]).run().orThrow()
    }

    @Test func invalidArgumentsAreRefused() async throws {
        #expect(try await install(["--prefix"]).status == .exited(129))
        #expect(try await install(["--no-such"]).status == .exited(129))
        #expect(try await install(["--prefix", "relative"]).status == .exited(128))
    }
}
