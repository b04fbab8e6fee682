import Exec
import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct TagTests {
    @Test func tagObjectMatchesGit() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let repository = try temporary.open()
            let tag = try AnnotatedTag(
                name: "zentoo/main/t/1", target: commit, tagger: TemporaryRepository.signature,
                message: "build\n\nsummary")
            let id = try repository.writeTag(tag)
            let byGit = try await temporary.git("mktag", input: tag.payload)
            #expect("\(id)" == byGit)
            #expect(try repository.tag(id) == tag)
            #expect(try repository.tag(commit) == nil)
            #expect(try repository.tagBytes(id) == tag.payload)
            #expect(try repository.tagBytes(commit) == nil)
            #expect(try repository.tagBytes(.emptyTree) == nil)
            try repository.set(.tag(tag.name), to: id, expecting: .absent)
            #expect(try repository.peelToCommit(id) == commit)
            #expect(try repository.parse("zentoo/main/t/1^{commit}") == commit)
            #expect(
                try await temporary.git.checkIntegrity(gitDirectory: temporary.gitDirectory) == [])
        }
    }

    @Test func invalidTagsAreRefused() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let tagger = TemporaryRepository.signature
            #expect(throws: GitError.self) {
                try AnnotatedTag(name: "a b", target: commit, tagger: tagger, message: "x")
            }
            #expect(throws: GitError.self) {
                try AnnotatedTag(
                    name: "a", target: commit,
                    tagger: Signature(name: "a\nb", email: "x", seconds: 0), message: "x")
            }
            let tree = try AnnotatedTag(
                name: "a", target: commit, kind: .tree, tagger: tagger, message: "x")
            #expect(throws: GitError.self) { try temporary.open().writeTag(tree) }
        }
    }

    @Test func gitVerifiesGPGSignature() async throws {
        try await TemporaryRepository.with { temporary in
            let home = temporary.root.appending("gnupg")
            try await Invocation("mkdir", ["-m", "700", home.string]).run().orThrow()
            var environment = temporary.environment
            environment["GNUPGHOME"] = home.string
            let gpg = { (arguments: [String]) in
                Invocation("gpg", ["--batch", "--quiet"] + arguments, environment: environment)
            }
            let name = TemporaryRepository.signature
            try await gpg([
                "--passphrase", "", "--quick-generate-key", "\(name.name) <\(name.email)>",
                "ed25519", "sign", "never",
            ]).run().orThrow()
            let git = GitProgram(environment: environment)
            try await signAndVerify(temporary, git)
            // Otherwise the agent briefly outlives the directory.
            _ = try await Invocation(
                "gpgconf", ["--kill", "all"], environment: environment
            ).run()
        }
    }

    @Test(arguments: ["~/key", "key::", "ssh-add -L"])
    func gitVerifiesSSHSignature(by source: String) async throws {
        try await TemporaryRepository.with { temporary in
            let key = temporary.root.appending("key").string
            try await Invocation(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", key]
            ).run().orThrow()
            let text = try await Invocation("cat", [key + ".pub"]).run().orThrow().text
            let allowed = temporary.root.appending("allowed")
            let file = try FileDescriptor.open(
                allowed, .writeOnly, options: .create, permissions: .ownerReadWrite)
            let line = "\(TemporaryRepository.signature.email) \(text)\n"
            _ = try file.closeAfter { try file.writeAll(line.utf8) }
            let ofKey =
                switch source {
                case "~/key": ("user.signingKey", source)
                case "key::": ("user.signingKey", source + text)
                default: ("gpg.ssh.defaultKeyCommand", source)
                }
            let settings = [
                ("gpg.format", "ssh"), ofKey, ("gpg.ssh.allowedSignersFile", allowed.string),
            ]
            for (name, value) in settings {
                try await temporary.git.setConfiguration(
                    name, to: value, gitDirectory: temporary.gitDirectory)
            }
            if source == "~/key" { return try await signAndVerify(temporary, temporary.git) }
            try await withAgent(key, temporary) { environment in
                try await signAndVerify(temporary, GitProgram(environment: environment))
            }
        }
    }

    @Test func missingKeyIsAnError() async throws {
        try await TemporaryRepository.with { temporary in
            try await temporary.git.setConfiguration(
                "gpg.format", to: "ssh", gitDirectory: temporary.gitDirectory)
            let configuration = try await temporary.git.configuration(
                gitDirectory: temporary.gitDirectory)
            #expect(throws: GitError.self) {
                try TagSigner(configuration: configuration, git: temporary.git)
            }
        }
    }

    private func signAndVerify(_ temporary: TemporaryRepository, _ git: GitProgram) async throws {
        let commit = try temporary.commit(files: ["a": "1"])
        let tag = try AnnotatedTag(
            name: "v1", target: commit, tagger: TemporaryRepository.signature, message: "one\n")
        let signer = try TagSigner(
            configuration: try await git.configuration(gitDirectory: temporary.gitDirectory),
            git: git)
        let armour = try await signer.sign(tag)
        let repository = try temporary.open()
        let id = try repository.writeTag(tag, signature: armour)
        try repository.set(.tag("v1"), to: id, expecting: .absent)
        try await git.run(["tag", "-v", "--", "v1"], directory: temporary.path)
        let read = try #require(try repository.tag(id))
        #expect(read.message == "one\n")
        #expect(read.signature == String(decoding: armour, as: UTF8.self))
        #expect(try await git.checkIntegrity(gitDirectory: temporary.gitDirectory) == [])
    }

    private func withAgent(
        _ key: String, _ temporary: TemporaryRepository,
        _ body: (_ environment: [String: String]) async throws -> Void
    ) async throws {
        var environment = temporary.environment
        let socket = temporary.root.appending("agent").string
        environment["SSH_AUTH_SOCK"] = socket
        let said = try await Invocation(
            "ssh-agent", ["-s", "-a", socket], environment: environment
        ).run().orThrow().text
        let process = try #require(
            said.split(separator: ";").first { $0.hasPrefix("\nSSH_AGENT_PID=") })
        environment["SSH_AGENT_PID"] = String(process.split(separator: "=")[1])
        do {
            try await Invocation("ssh-add", ["-q", key], environment: environment).run().orThrow()
            try await body(environment)
        } catch {
            _ = try await Invocation("ssh-agent", ["-k"], environment: environment).run()
            throw error
        }
        _ = try await Invocation("ssh-agent", ["-k"], environment: environment).run()
    }
}
