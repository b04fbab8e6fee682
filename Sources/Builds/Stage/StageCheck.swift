internal import Files
internal import Sites
internal import SystemPackage

/// The checks of a fetched archive before it is unpacked.
struct StageCheck {
    /// The source of the archive and the directory it was fetched to.
    let fetch: StageFetch
    /// Its name in the fetch's directory.
    let archive: String

    /// Checks the digest first, then the signature.
    ///
    /// - Throws: ``StageError`` if a check fails.
    func pin(trust: StageTrust) async throws -> StagePin {
        let digest = try await Checksum.sha256(of: archive, in: fetch.directory)
        if let locked = trust.locked, locked != digest {
            throw StageError(
                .lockMismatch,
                "stage '\(fetch.stage)' at '\(fetch.source)' is 'sha256:\(digest)', "
                    + "\(SiteLock.path) says 'sha256:\(locked)'",
                hints: [
                    "find the locked one, and name it with "
                        + "'git config zentoo.\(fetch.stage).source PATH'",
                    "to build on this one from now on: '\(again)'",
                ])
        }
        if let key = trust.key {
            try await requireSignature(by: key)
        } else {
            try await compareDigests()
        }
        return StagePin(digest: digest, verifiedBy: trust.key?.fingerprint)
    }

    /// The command that pins the content again. An image must be given again,
    /// since the content of a digest cannot change legitimately.
    private var again: String {
        guard case .image = fetch.source else { return "git zentoo stage add \(fetch.stage)" }
        return "git zentoo stage add \(fetch.stage) \(fetch.source)"
    }

    // MARK: With a key

    /// Rejects, before anything is fetched, sources that cannot be signed.
    ///
    /// - Throws: ``StageError``.
    static func requireSignable(
        _ source: StageSource, of stage: ZentooName, by key: StageTrust.Key?
    ) throws {
        guard key != nil else { return }
        let hint = "take the fingerprint out of \(StagesFile.path) to accept it unverified"
        switch source {
        case .image:
            throw StageError(
                .notSigned, "stage '\(stage)' is an image, and no signature lies beside it",
                hints: [
                    "leave out the key, or \(hint): its digest pins it",
                    "what must be signed says containers-policy.json(5), and skopeo obeys",
                ])
        case .path(let path)
        where try FileStatus.of(path, followingLinks: true)?.kind == .directory:
            throw StageError(
                .notSigned, "stage '\(stage)' is a directory, which cannot be signed",
                hints: [hint])
        case .path, .url, .pool: return
        }
    }

    private static let detached = [".asc", ".sig"]
    private static let clearsigned = [".DIGESTS.asc", ".DIGESTS", ".sha256"]

    /// Requires a signature; the first file that contains one decides.
    private func requireSignature(by key: StageTrust.Key) async throws {
        let check = SignatureCheck(stage: fetch.stage, key: key, directory: fetch.directory)
        for suffix in Self.detached {
            guard let signature = try await fetch.sideFile(suffix) else { continue }
            return try await check.requireDetached(
                signature, of: archive, shown: fetch.source.fileName + suffix)
        }
        for suffix in Self.clearsigned {
            guard let name = try await fetch.sideFile(suffix) else { continue }
            let shown = fetch.source.fileName + suffix
            guard let text = try await check.signedText(of: name, shown: shown) else { continue }
            guard try await compare(with: DigestsFile(text), shown: shown) else {
                throw StageError(
                    .digestMismatch,
                    "'\(shown)' does not name '\(fetch.source.fileName)' of stage '\(fetch.stage)'")
            }
            return
        }
        let names = (Self.detached + Self.clearsigned).joined(separator: ", ")
        throw StageError(
            .notSigned,
            "stage '\(fetch.stage)' is not signed: no signature in "
                + "'\(fetch.source.fileName)' with \(names) behind it",
            hints: check.unsignedHints)
    }

    // MARK: Without a key

    /// Compares unsigned digests: they prove nothing, but detect a damaged
    /// download.
    private func compareDigests() async throws {
        for suffix in [".sha256", ".DIGESTS"] {
            guard let name = try await fetch.sideFile(suffix) else { continue }
            let bytes = try FileContent.read(fetch.directory.appending(name)) ?? []
            if try await compare(
                with: DigestsFile(bytes), shown: fetch.source.fileName + suffix)
            {
                return
            }
        }
    }

    /// - Returns: false if the file contains no digest of the archive.
    private func compare(with digests: DigestsFile, shown: String) async throws -> Bool {
        let entries = digests.entries(for: fetch.source.fileName)
        for entry in entries {
            let found = try await Checksum.of(archive, in: fetch.directory, entry.algorithm)
            guard found.digits == entry.digits else {
                throw StageError(
                    .digestMismatch,
                    "stage '\(fetch.stage)' is not what '\(shown)' says: its "
                        + "\(entry.algorithm.rawValue) is '\(found.digits)'",
                    hints: ["fetch it again, from another mirror"])
            }
        }
        return !entries.isEmpty
    }
}
