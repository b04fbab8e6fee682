/// `config/stages`: one stage per line, `name source [fingerprint]`.
///
///     musl docker://gentoo/stage3:amd64-musl-hardened@sha256:...
///     amd64-openrc https://distfiles.gentoo.org/...tar.xz 13EBBDBEDE7A12775DFDB1BABB572E0E2D182910
package enum StagesFile {
    /// The path of the file on a site's branch.
    package static let path = "config/stages"

    /// One stage.
    package struct Entry: Sendable, Hashable {
        /// The line number, counted from 1.
        package let line: Int
        /// The name by which tuples refer to it.
        package let name: ZentooName
        /// The source of the stage.
        package let source: StageSource
        /// The key that must have signed it; nil if no signature is required.
        package let key: KeyFingerprint?
    }

    /// Reads the file; a line with a mistake is reported and left out.
    ///
    /// - Parameter ref: the branch or commit of the file, for the mistakes.
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
