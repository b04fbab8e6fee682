package import Sites

/// The subject of a question "which build made this?".
package enum WhenceQuery: Sendable, Hashable {
    /// A file by its digest.
    case digest(SHA256Digest)
    /// A file by its path in the pool.
    case path(PoolPath)
    /// A version.
    case version(CPV)
    /// All versions of a package in a category.
    case package(category: String, name: String)
    /// A word: the prefix of a digest, or a package name in any category.
    case word(String)

    /// Parses what the user typed; nil when it is none of these.
    ///
    /// An exact version may be written as an atom, with `=` before it.
    package init?(_ text: String) {
        let bare = text.hasPrefix("=") ? String(text.dropFirst()) : text
        if let digest = SHA256Digest(text) {
            self = .digest(digest)
        } else if let path = PoolPath(text) {
            self = .path(path)
        } else if let cpv = CPV(bare) {
            self = .version(cpv)
        } else if CPV.isName(text) {
            self = .word(text)
        } else {
            let halves = text.split(separator: "/", omittingEmptySubsequences: false)
                .map(String.init)
            guard halves.count == 2, CPV.isCategory(halves[0]), CPV.isName(halves[1]) else {
                return nil
            }
            self = .package(category: halves[0], name: halves[1])
        }
    }
}
