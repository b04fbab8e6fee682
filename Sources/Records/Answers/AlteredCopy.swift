/// A directory of the state directory that is not the copy it was made as.
package struct AlteredCopy: Sendable, Hashable, Codable {
    /// Relative to the state directory.
    package let path: String
    /// What it was made of, for people.
    package let original: String

    /// A copy that was found to be another.
    package init(path: String, original: String) {
        self.path = path
        self.original = original
    }
}
