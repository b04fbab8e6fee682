@testable import Builds
import Exec
import Files
@testable import Sites
import SystemPackage
import Testing

@Suite struct StageSignatureTests {
    private static func with(
        _ body: (StageFixture, SigningFixture, _ archive: FilePath) async throws -> Void
    ) async throws {
        try await StageFixture.with { fixture in
            let archive = try await fixture.archive()
            try await SigningFixture.with(in: fixture.directory) { keys in
                try await body(fixture, keys, archive)
            }
        }
    }

    // MARK: Detached

    @Test(arguments: [".asc", ".sig"], [true, false])
    func detachedSignatureIsAccepted(suffix: String, armored: Bool) async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            try await keys.sign(archive, by: key, suffix: suffix)
            let pin = try await fixture.add(
                archive, key: try await keys.pinned(key, armored: armored))
            #expect(pin.verifiedBy == key)
            #expect(fixture.store.info(of: pin.digest)?.pin == pin)
        }
    }

    @Test func signatureNextToURLIsFound() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            try await keys.sign(archive, by: key)
            let pin = try await fixture.store.add(
                name: fixture.name, source: .url("file://\(archive)"),
                trust: StageTrust(key: try await keys.pinned(key))
            ).pin
            #expect(pin.verifiedBy == key)
        }
    }

    @Test func signatureOfSubkeyIsAccepted() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            try await keys.gpg(["--quick-add-key", key.description, "ed25519", "sign", "never"])
            try await keys.sign(archive, by: key)
            let pin = try await fixture.add(archive, key: try await keys.pinned(key))
            #expect(pin.verifiedBy == key)
        }
    }

    @Test func missingSignatureIsRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.pinned(try await keys.key("releng"))
            #expect(try await fixture.refusal(archive, key: key) == .notSigned)
            #expect(try await fixture.refusal(fixture.root, key: key) == .notSigned)
        }
    }

    @Test func malformedSignatureIsRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.pinned(try await keys.key("releng"))
            try fixture.write("not a signature\n", "stage.tar.xz.asc")
            #expect(try await fixture.refusal(archive, key: key) == .notSigned)
        }
    }

    @Test func signatureOfOtherKeyIsRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            let other = try await keys.key("other")
            try await keys.sign(archive, by: other)
            #expect(
                try await fixture.refusal(archive, key: try await keys.pinned(key)) == .otherKey)
            // Also if the other key is in the file of the pinned one,
            let both = try await keys.pinned(key, and: other)
            #expect(try await fixture.refusal(archive, key: both) == .otherKey)
            // and if a good signature accompanies it.
            try await keys.sign(archive, by: key, other)
            #expect(try await fixture.refusal(archive, key: both) == .otherKey)
        }
    }

    @Test func signatureOfOtherFileIsRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            let other = try await fixture.archive("other.tar.gz")
            try await keys.sign(other, by: key)
            try await fixture.run("mv", ["other.tar.gz.asc", "stage.tar.xz.asc"])
            #expect(
                try await fixture.refusal(archive, key: try await keys.pinned(key))
                    == .badSignature)
        }
    }

    @Test func expiredKeyIsRefusedUntilRefreshed() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng", expire: "1y")
            try await keys.sign(archive, by: key)
            let error = await #expect(throws: StageError.self) {
                try await fixture.add(archive, key: try await keys.pinned(key))
            }
            #expect(error?.code == .expired)
            #expect(error?.hints.first?.contains("gpg --refresh-keys \(key)") == true)
            try fixture.expectNothingBehind()
            try await keys.gpg(["--quick-set-expire", key.description, "never"])
            let pin = try await fixture.add(archive, key: try await keys.pinned(key))
            #expect(pin.verifiedBy == key)
        }
    }

    @Test func revokedKeyIsRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            try await keys.sign(archive, by: key)
            try await keys.revoke(key)
            #expect(
                try await fixture.refusal(archive, key: try await keys.pinned(key)) == .revoked)
        }
    }

    @Test func expiredSignatureIsRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            try await keys.sign(archive, by: key, options: ["--default-sig-expire", "1d"])
            #expect(
                try await fixture.refusal(archive, key: try await keys.pinned(key)) == .expired)
        }
    }

    @Test func sha1SignatureIsRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            try await keys.sign(archive, by: key, options: ["--digest-algo", "SHA1"])
            #expect(
                try await fixture.refusal(archive, key: try await keys.pinned(key))
                    == .badSignature)
        }
    }

    @Test func malformedKeyIsRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            try await keys.sign(archive, by: key)
            let broken = StageTrust.Key(fingerprint: key, bytes: Array("no key\n".utf8))
            #expect(try await fixture.refusal(archive, key: broken) == .badSignature)
        }
    }

    // MARK: Clearsigned digests

    /// Returns digests of the archive in Gentoo's format, next to those of other
    /// files.
    private static func digests(
        _ fixture: StageFixture, _ algorithms: [Checksum.Algorithm] = [.blake2b, .sha512],
        name: String = "stage.tar.xz"
    ) async throws -> String {
        var text = ""
        for algorithm in algorithms {
            let digits = try await fixture.run(algorithm.program, ["stage.tar.xz"])
                .prefix(algorithm.count)
            text += "# \(algorithm.rawValue) HASH\n\(digits)  \(name)\n"
            let zeros = String(repeating: "0", count: algorithm.count)
            text += "# \(algorithm.rawValue) HASH\n\(zeros)  \(name).CONTENTS.gz\n"
        }
        return text
    }

    @Test(arguments: [".DIGESTS", ".DIGESTS.asc", ".sha256"])
    func clearsignedDigestsAreAccepted(suffix: String) async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            try await keys.clearsign(
                try await Self.digests(
                    fixture, suffix == ".sha256" ? [.sha256] : [.blake2b, .sha512]),
                into: fixture.path("stage.tar.xz\(suffix)"), by: key)
            let pin = try await fixture.add(archive, key: try await keys.pinned(key))
            #expect(pin.verifiedBy == key)
        }
    }

    @Test func unsignedDigestsAreRefused() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.pinned(try await keys.key("releng"))
            try fixture.write(try await Self.digests(fixture), "stage.tar.xz.DIGESTS")
            #expect(try await fixture.refusal(archive, key: key) == .notSigned)
        }
    }

    @Test func digestsMustListFile() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            let trusted = try await keys.pinned(key)
            let digests = fixture.path("stage.tar.xz.DIGESTS")
            try await keys.clearsign(
                try await Self.digests(fixture, name: "other.tar.xz"), into: digests, by: key)
            #expect(try await fixture.refusal(archive, key: trusted) == .digestMismatch)
            // Digests that can be forged do not count either.
            let md5 = try await fixture.run("md5sum", ["stage.tar.xz"])
            try await keys.clearsign("# MD5 HASH\n\(md5)\n", into: digests, by: key)
            #expect(try await fixture.refusal(archive, key: trusted) == .digestMismatch)
        }
    }

    @Test func allDigestsMustMatch() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            let zeros = String(repeating: "0", count: 128)
            try await keys.clearsign(
                try await Self.digests(fixture, [.blake2b])
                    + "# SHA512 HASH\n\(zeros)  stage.tar.xz\n",
                into: fixture.path("stage.tar.xz.DIGESTS"), by: key)
            #expect(
                try await fixture.refusal(archive, key: try await keys.pinned(key))
                    == .digestMismatch)
        }
    }

    @Test func textOutsideSignedBlockIsIgnored() async throws {
        try await Self.with { fixture, keys, archive in
            let key = try await keys.key("releng")
            let trusted = try await keys.pinned(key)
            let digests = fixture.path("stage.tar.xz.DIGESTS")
            try await keys.clearsign(
                try await Self.digests(fixture, name: "other.tar.xz"), into: digests, by: key)
            let signed = try #require(try fixture.read(digests))
            let forged = try await Self.digests(fixture)
            for text in [forged + signed, signed + forged] {
                try fixture.write(text, "stage.tar.xz.DIGESTS")
                #expect(try await fixture.refusal(archive, key: trusted) != nil)
            }
            // Inside the block it invalidates the signature.
            try fixture.write(
                signed.replacing("other.tar.xz", with: "stage.tar.xz"), "stage.tar.xz.DIGESTS")
            #expect(try await fixture.refusal(archive, key: trusted) == .badSignature)
        }
    }
}
