internal import Exec
internal import Files
internal import Sites
internal import SystemPackage

/// Checks with gpgv that the pinned key signed a file.
struct SignatureCheck {
    /// The stage, for messages.
    let stage: ZentooName
    let key: StageTrust.Key
    /// A private directory that contains the files to check and the keyring.
    let directory: FilePath

    /// Requires a good detached signature.
    ///
    /// - Parameters:
    ///   - signature: the signature's name in the directory.
    ///   - content: the signed file's name in the directory.
    ///   - shown: the signature's name in messages.
    /// - Throws: ``StageError``.
    func requireDetached(_ signature: String, of content: String, shown: String) async throws {
        let status = try await status(["--", signature, content])
        guard try requireGood(status, shown: shown) else {
            throw StageError(
                .notSigned, "'\(shown)' of stage '\(stage)' holds no signature",
                hints: unsignedHints)
        }
    }

    /// Reads the text inside the signed block of a clearsigned file.
    ///
    /// - Returns: nil if the file is not signed.
    /// - Throws: ``StageError`` if its signature is not good.
    func signedText(of name: String, shown: String) async throws -> [UInt8]? {
        let output = "\(name).signed"
        let status = try await status(["--output", output, "--", name])
        guard try requireGood(status, shown: shown) else { return nil }
        // gpgv writes this file for bad signatures as well: read it only now.
        return try FileContent.read(directory.appending(output))
    }

    var unsignedHints: [String] {
        [
            "put the signature beside the stage",
            "take the fingerprint out of \(StagesFile.path) to accept the stage unverified",
        ]
    }

    private func status(_ arguments: [String]) async throws -> Status {
        let keyring = try await keyring()
        // gpgv looks for a keyring without a slash in the home directory.
        let completion = try await Tool.run(
            gnupg("gpgv", ["--status-fd", "1", "--keyring", "./\(keyring)"] + arguments))
        return Status(
            verdicts: SignatureStatus(completion.output).verdicts,
            isSuccess: completion.status.isSuccess, reason: Tool.reason(completion))
    }

    private struct Status {
        let verdicts: [SignatureStatus.Verdict]
        let isSuccess: Bool
        let reason: String
    }

    /// - Returns: false if there is no signature.
    private func requireGood(_ status: Status, shown: String) throws -> Bool {
        if status.verdicts.isEmpty { return false }
        // All are checked, so that the result does not depend on their order.
        for verdict in status.verdicts { try requireGood(verdict, shown: shown) }
        guard status.isSuccess else {
            throw StageError(
                .badSignature, "cannot check '\(shown)' of stage '\(stage)': \(status.reason)")
        }
        return true
    }

    private func requireGood(_ verdict: SignatureStatus.Verdict, shown: String) throws {
        let what = "signature '\(shown)' of stage '\(stage)'"
        let refresh = [
            "get the key anew: 'gpg --refresh-keys \(key.fingerprint)', then "
                + "'gpg --armor --export \(key.fingerprint) > \(key.path)' on the site's branch"
        ]
        switch verdict {
        case .good(key.fingerprint): return
        case .good(let other):
            throw StageError(
                .otherKey, "\(what) is by key '\(other)', not by '\(key.fingerprint)'",
                hints: [
                    "if you trust that key, write its fingerprint to \(StagesFile.path) and the key to "
                        + "config/keys/\(other).asc"
                ])
        case .weak:
            throw StageError(.badSignature, "\(what) is made with a broken hash algorithm")
        case .bad:
            throw StageError(
                .badSignature, "\(what) does not fit: the file or the signature was changed",
                hints: ["fetch both again, from another mirror"])
        case .expired:
            throw StageError(
                .expired, "\(what) has expired", hints: ["fetch a newer stage"])
        case .expiredKey(let signer):
            throw StageError(.expired, "key '\(signer)' of \(what) has expired", hints: refresh)
        case .revokedKey(let signer):
            throw StageError(
                .revoked, "key '\(signer)' of \(what) was revoked",
                hints: ["do not use this stage before you know why"])
        case .unchecked(let signer):
            throw StageError(
                .otherKey,
                "\(what) is by key '\(signer)', which is not in '\(key.path)'",
                hints: ["compare the fingerprints: 'gpg --show-keys \(key.path)'"] + refresh)
        }
    }

    /// Writes the key in the binary format that gpgv needs. Returns its file
    /// name.
    private func keyring() async throws -> String {
        let name = "key.gpg"
        let path = directory.appending(name)
        if try FileStatus.of(path) != nil { return name }
        var bytes = key.bytes
        // The first byte of a binary packet has its highest bit set (RFC 4880, 4.2).
        if bytes.first.map({ $0 < 0x80 }) ?? true {
            var invocation = gnupg("gpg", ["--batch", "--no-options", "--dearmor"])
            invocation.input = .bytes(bytes)
            let completion = try await Tool.run(invocation)
            guard completion.status.isSuccess, !completion.output.isEmpty else {
                throw StageError(
                    .badSignature, "'\(key.path)' holds no OpenPGP key",
                    hints: ["write it with 'gpg --armor --export \(key.fingerprint)'"])
            }
            bytes = completion.output
        }
        try FileContent.write(bytes, to: path)
        return name
    }

    /// Returns a command of GnuPG with its own home directory: neither the
    /// user's options nor the user's keys apply.
    private func gnupg(_ program: String, _ arguments: [String]) -> Invocation {
        var invocation = Invocation(program, arguments, workingDirectory: directory)
        invocation.environment["GNUPGHOME"] = directory.string
        return invocation
    }
}
