internal import Exec

/// Signs tags with the keys and programs that git is configured to use
/// (`user.signingKey` and `gpg.*` in git-config(1)).
public struct TagSigner: Sendable {
    /// The kind of signature; the values of `gpg.format`.
    public enum Format: String, Sendable, Hashable {
        /// With gpg(1).
        case openpgp
        /// With gpgsm(1).
        case x509
        /// With ssh-keygen(1).
        case ssh
    }

    /// The kind of signature.
    public let format: Format
    /// The program that signs.
    public let program: String
    /// The key: its id for gpg(1); a file with the private or public key, or
    /// the public key itself, for ssh-keygen(1). `nil` for the key of the
    /// tagger's address.
    public let key: String?
    /// The words of the command that prints the key if none is set
    /// (`gpg.ssh.defaultKeyCommand`).
    private let keyCommand: [String]
    private let environment: [String: String]

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - git: the program whose environment locates keys and agents.
    /// - Throws: ``GitError`` for a format git does not know, and for SSH
    ///   without a key.
    public init(configuration: Configuration, git: GitProgram) throws {
        let name = configuration.string("gpg.format") ?? Format.openpgp.rawValue
        guard let format = Format(rawValue: name) else {
            throw GitError(
                .invalid, "invalid value for 'gpg.format': '\(name)'",
                hints: ["git config gpg.format openpgp"])
        }
        self.format = format
        environment = git.environment
        let key = configuration.string("user.signingKey")
        keyCommand =
            format == .ssh && key == nil
            ? CommandWords.split(configuration.string("gpg.ssh.defaultKeyCommand") ?? "") : []
        switch format {
        case .openpgp:
            program =
                try configuration.path("gpg.openpgp.program") ?? configuration.path("gpg.program")
                ?? "gpg"
            self.key = key
        case .x509:
            program = try configuration.path("gpg.x509.program") ?? "gpgsm"
            self.key = key
        case .ssh:
            program = try configuration.path("gpg.ssh.program") ?? "ssh-keygen"
            guard key != nil || !keyCommand.isEmpty else {
                throw GitError(
                    .notFound, "'user.signingKey' is needed to sign with ssh",
                    hints: ["git config user.signingKey ~/.ssh/id_ed25519.pub"])
            }
            let isLiteral = key.map { Self.literalKey($0) != nil } ?? true
            self.key = isLiteral ? key : try configuration.path("user.signingKey")
        }
    }

    /// Signs a tag.
    ///
    /// - Returns: the armour for ``Repository/writeTag(_:signature:)``.
    /// - Throws: ``GitError`` when the program made no signature, `ExecError`
    ///   when it failed or does not exist.
    public func sign(_ tag: AnnotatedTag) async throws -> [UInt8] {
        switch format {
        case .openpgp, .x509: try await signWithGPG(tag)
        case .ssh: try await signWithSSH(tag)
        }
    }

    private func signWithGPG(_ tag: AnnotatedTag) async throws -> [UInt8] {
        let tagger = tag.tagger.map { "\($0.name) <\($0.email)>" } ?? ""
        let completion = try await Invocation(
            program, ["--status-fd=2", "-bsau", key ?? tagger], environment: environment,
            input: .bytes(tag.payload)
        ).run().orThrow()
        // gpg(1) can exit with 0 without a signature; git checks this too.
        let isMade = String(decoding: completion.errors, as: UTF8.self)
            .split(separator: "\n").contains { $0.hasPrefix("[GNUPG:] SIG_CREATED ") }
        guard isMade, !completion.output.isEmpty else {
            throw GitError(.invalid, "'\(program)' failed to sign tag '\(tag.name)'")
        }
        return completion.output
    }

    private func signWithSSH(_ tag: AnnotatedTag) async throws -> [UInt8] {
        let key = if let key { key } else { try await defaultKey() }
        guard let literal = Self.literalKey(key) else {
            return try await signWithSSH(tag, keyFile: key, [])
        }
        // The private key is in the agent, but ssh-keygen still needs a file.
        return try await PrivateFile.with(Array("\(literal)\n".utf8)) { file in
            try await signWithSSH(tag, keyFile: file, ["-U"])
        }
    }

    /// Returns the key that `gpg.ssh.defaultKeyCommand` prints on its first line,
    /// such as `ssh-add -L`.
    private func defaultKey() async throws -> String {
        let command = keyCommand.joined(separator: " ")
        let completion = try await Invocation(
            keyCommand[0], Array(keyCommand.dropFirst()), environment: environment
        ).run().orThrow()
        let line = completion.output.prefix { $0 != UInt8(ascii: "\n") }
        let key = String(decoding: line, as: UTF8.self)
        guard Self.literalKey(key) != nil else {
            throw GitError(
                .notFound, "'\(command)' (gpg.ssh.defaultKeyCommand) prints no public key",
                hints: ["git config user.signingKey ~/.ssh/id_ed25519.pub"])
        }
        return key
    }

    private func signWithSSH(
        _ tag: AnnotatedTag, keyFile: String, _ options: [String]
    ) async throws -> [UInt8] {
        try await Invocation(
            program, ["-Y", "sign", "-n", "git", "-f", keyFile] + options,
            environment: environment, input: .bytes(tag.payload)
        ).run().orThrow().output
    }

    /// Returns the key if it is given as text, `key::ssh-ed25519 AAAA...`.
    private static func literalKey(_ key: String) -> String? {
        if key.hasPrefix("key::") { return String(key.dropFirst("key::".count)) }
        return key.hasPrefix("ssh-") ? key : nil
    }
}
