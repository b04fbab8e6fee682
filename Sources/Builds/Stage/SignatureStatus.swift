internal import Sites

/// What gpgv found out about each signature, read from its status lines
/// (GnuPG's doc/DETAILS, "General status codes").
///
/// gpgv exits with 0 for keys that are expired or revoked, so only the status
/// lines can tell.
struct SignatureStatus: Equatable {
    /// One signature.
    enum Verdict: Equatable {
        /// It fits, and so does the key: GOODSIG with VALIDSIG.
        case good(primaryKey: KeyFingerprint)
        /// It fits, and is made with a hash that can be forged.
        case weak
        /// It does not fit the content.
        case bad(signer: String)
        /// It fits, and its own time is over.
        case expired
        /// It fits, and its key's time is over.
        case expiredKey(signer: String)
        /// It fits, and its key was revoked.
        case revokedKey(signer: String)
        /// It cannot be checked: by a key that is not there, or broken.
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
                // Comes behind EXPSIG, EXPKEYSIG and REVKEYSIG too, whose
                // verdict is made by then.
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
