package import Records

/// The current state of the patch work on one package.
package struct PatchWork: Sendable, Hashable, Codable {
    /// The root.
    package let root: String
    /// Category and name.
    package let package: String
    /// The package version of the source.
    package let version: String
    /// The file name of the patch being edited.
    package let edited: String?
    /// The user patches applied to the source, in order.
    package let over: [String]
    /// The path of the source to edit.
    package let source: String
    /// The path of the source inside a session in the root.
    package let mountPoint: String
    /// The unsaved changes.
    package let changes: [PathChange]
    /// Whether the current state of the source has been built.
    package let isTried: Bool
}
