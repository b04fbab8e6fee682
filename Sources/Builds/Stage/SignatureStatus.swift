internal import Sites

/// The verdicts of gpgv on each signature, read from its status lines (GnuPG's
/// doc/DETAILS, "General status codes").
///
/// gpgv exits with 0 for expired or revoked keys, so only the status lines are
/// conclusive.
struct SignatureStatus: Equatable {
    /// One signature.
    enum Verdict: Equatable {
        /// The signature and its key are valid: GOODSIG with VALIDSIG.
        case good(primaryKey: KeyFingerprint)
        /// The signature matches, but its hash algorithm can be forged.
        case weak
        /// The signature does not match the content.
        case bad(signer: String)
        /// The signature matches, but has expired.
        case expired
        /// The signature matches, but its key has expired.
        case expiredKey(signer: String)
        /// The signature matches, but its key was revoked.
        case revokedKey(signer: String)
        /// The signature cannot be checked: its key is missing, or it is
        /// broken.
        case unchecked(signer: String)
    }

    let verdicts: [Verdict]

    init(_ output: [UInt8]) {
        var verdicts: [Verdict] = []
        var isGood = false
        func settle(_ verdict: Verdict) {
            verdicts.append(verdict)
            isGood = false
        }
        let text = String(decoding: output, as: UTF8.self)
        for line in text.unicodeScalars.split(separator: "\n") {
            let words = Substring(line).split(separator: " ", omittingEmptySubsequences: false)
            guard words.first == "[GNUPG:]", words.count >= 2 else { continue }
            let signer = words.count > 2 ? String(words[2]) : ""
            switch words[1] {
            case "NEWSIG": isGood = false
            case "GOODSIG": isGood = true
            case "VALIDSIG":
                // Also follows EXPSIG, EXPKEYSIG and REVKEYSIG, which already
                // have their verdict.
                guard isGood else { continue }
                settle(Self.verdict(valid: words))
            case "BADSIG": settle(.bad(signer: signer))
            case "EXPSIG": settle(.expired)
            case "EXPKEYSIG": settle(.expiredKey(signer: signer))
            case "REVKEYSIG": settle(.revokedKey(signer: signer))
            case "ERRSIG": settle(.unchecked(signer: signer))
            default: continue
            }
        }
        self.verdicts = verdicts
    }

    /// MD5, SHA-1 and RIPEMD-160 (RFC 4880, 9.4).
    private static let weakHashes: Set<Substring> = ["1", "2", "3"]

    /// `VALIDSIG fingerprint date timestamp expires version reserved
    /// public-key-algorithm hash-algorithm class primary-key-fingerprint`.
    private static func verdict(valid words: [Substring]) -> Verdict {
        guard words.count >= 12, let key = KeyFingerprint(String(words[11])) else {
            return .unchecked(signer: words.count > 2 ? String(words[2]) : "")
        }
        return weakHashes.contains(words[9]) ? .weak : .good(primaryKey: key)
    }
}
