/// A directory in the state directory that no longer matches its original.
package struct AlteredCopy: Sendable, Hashable, Codable {
    /// The path relative to the state directory.
    package let path: String
    /// A description of the original.
    package let original: String

    /// Creates a report of an altered copy.
    package init(path: String, original: String) {
        self.path = path
        self.original = original
    }
}
