/// `config/stages`: a stage a line, `name source [fingerprint]`.
///
///     musl docker://gentoo/stage3:amd64-musl-hardened@sha256:...
///     amd64-openrc https://distfiles.gentoo.org/...tar.xz 13EBBDBEDE7A12775DFDB1BABB572E0E2D182910
package enum StagesFile {
    /// Where the file lies on a site's branch.
    package static let path = "config/stages"

    /// One stage.
    package struct Entry: Sendable, Hashable {
        /// Counted from 1.
        package let line: Int
        /// What tuples call it.
        package let name: ZentooName
        /// Where it comes from.
        package let source: StageSource
        /// The key that must have signed it.
        package let key: KeyFingerprint?
    }

    /// Reads the file; a line with a mistake is told and left out.
    ///
    /// - Parameter ref: what the file was read from, for the mistakes.
    package static func parse(
        _ bytes: [UInt8], ref: String? = nil
    ) -> (entries: [Entry], mistakes: [Mistake]) {
        NamedLines.parse(bytes, of: "stage", path: path, ref: ref, name: \.name) {
            try entry($0.number, $0.words)
        }
    }

    private static func entry(_ line: Int, _ words: [String]) throws -> Entry {
        guard (2...3).contains(words.count) else {
            throw ZentooError(
                .mistakes, "expected a name, a source and at most a fingerprint",
                hints: ["write 'NAME PATH|URL [FINGERPRINT]'"])
        }
        var key: KeyFingerprint?
        if words.count == 3 {
            key = KeyFingerprint(words[2])
            guard key != nil else {
                throw ZentooError(
                    .mistakes, "'\(words[2])' is not the fingerprint of a key",
                    hints: ["write all 40 digits, without blanks: 'gpg --show-keys KEYFILE'"])
            }
        }
        return Entry(
            line: line, name: try ZentooName(words[0]), source: try StageSource(words[1]), key: key)
    }
}
