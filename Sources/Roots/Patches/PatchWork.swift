package import Records

/// The patch work on one package, as it is now.
package struct PatchWork: Sendable, Hashable, Codable {
    /// The root.
    package let root: String
    /// Category and name.
    package let package: String
    /// The version of which the source is.
    package let version: String
    /// The patch that is worked on anew, by the name of its file.
    package let edited: String?
    /// The user patches that the source was patched with, in their order.
    package let over: [String]
    /// The source, to be edited.
    package let source: String
    /// Where a session in the root sees it.
    package let mountPoint: String
    /// What is changed and not saved.
    package let changes: [PathChange]
    /// Whether the source as it is now has been built.
    package let isTried: Bool
}
