@testable import Builds
import Exec
import Files
@testable import Sites
import SystemPackage

/// Keys for one test, in a GnuPG home of their own.
struct SigningFixture {
    let home: FilePath

    /// - Parameter directory: where the home is created.
    static func with(
        in directory: FilePath, _ body: (SigningFixture) async throws -> Void
    ) async throws {
        let fixture = SigningFixture(home: directory.appending("gnupg"))
        try Directory.create(fixture.home, mode: 0o700)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(fixture))
        } catch {
            outcome = .failure(error)
        }
        // gpg leaves an agent running for every home.
        _ = try await Invocation("gpgconf", ["--homedir", fixture.home.string, "--kill", "all"])
            .run()
        try outcome.get()
    }

    @discardableResult
    func gpg(_ arguments: [String], at time: String = "20200601T000000") async throws -> [UInt8] {
        try await Invocation(
            "gpg",
            [
                "--homedir", home.string, "--batch", "--yes", "--quiet", "--no-tty",
                "--pinentry-mode", "loopback", "--passphrase", "", "--trust-model", "always",
                "--faked-system-time", time,
            ] + arguments
        ).run().orThrow().output
    }

    /// Creates a key that can sign.
    ///
    /// - Parameter expire: the expiry in gpg's syntax: `never`, `1y`.
    func key(_ user: String, expire: String = "never") async throws -> KeyFingerprint {
        try await gpg(
            ["--quick-generate-key", "\(user)@example.org", "ed25519", "sign", expire],
            at: "20200101T000000")
        let listing = try await gpg(["--with-colons", "--list-keys", "\(user)@example.org"])
        for line in String(decoding: listing, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields[0] == "fpr", let key = KeyFingerprint(String(fields[9])) { return key }
        }
        throw ZentooError(.failed, "gpg made no key")
    }

    /// Revokes a key with the certificate that gpg created for it.
    func revoke(_ key: KeyFingerprint) async throws {
        let path = home.appending("openpgp-revocs.d").appending("\(key).rev")
        let bytes = try FileContent.read(path) ?? []
        // The colon protects the certificate from accidental use.
        let text = String(decoding: bytes, as: UTF8.self).replacing(
            ":-----BEGIN", with: "-----BEGIN")
        try FileContent.write(Array(text.utf8), to: path)
        try await gpg(["--import", path.string])
    }

    /// Returns the keys as a site has them, under the fingerprint of the first.
    func pinned(
        _ key: KeyFingerprint, and others: KeyFingerprint..., armored: Bool = true
    ) async throws -> StageTrust.Key {
        let names = ([key] + others).map(\.description)
        return StageTrust.Key(
            fingerprint: key,
            bytes: try await gpg((armored ? ["--armor"] : []) + ["--export"] + names))
    }

    /// Writes a detached signature of `file` to `<file><suffix>`.
    func sign(
        _ file: FilePath, by keys: KeyFingerprint..., suffix: String = ".asc",
        options: [String] = [], at time: String = "20200601T000000"
    ) async throws {
        let users = keys.flatMap { ["--local-user", $0.description] }
        try await gpg(
            options + users + (suffix == ".asc" ? ["--armor"] : [])
                + ["--output", file.string + suffix, "--detach-sign", file.string], at: time)
    }

    /// Clearsigns `text` into `output`.
    func clearsign(_ text: String, into output: FilePath, by key: KeyFingerprint) async throws {
        let plain = FilePath(output.string + ".plain")
        try FileContent.write(Array(text.utf8), to: plain)
        try await gpg([
            "--local-user", key.description, "--output", output.string, "--clearsign", plain.string,
        ])
        try FileContent.remove(plain)
    }
}
