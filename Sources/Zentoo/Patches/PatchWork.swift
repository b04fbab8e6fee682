/// The patch work on one package, as it is now.
public struct PatchWork: Sendable, Hashable, Codable {
    /// The root.
    public let root: String
    /// Category and name.
    public let package: String
    /// The version of which the source is.
    public let version: String
    /// The patch that is worked on anew, by the name of its file.
    public let edited: String?
    /// The user patches that the source was patched with, in their order.
    public let over: [String]
    /// The source, to be edited.
    public let source: String
    /// Where a session in the root sees it.
    public let mountPoint: String
    /// What is changed and not saved.
    public let changes: [PathChange]
    /// Whether the source as it is now has been built.
    public let isTried: Bool
}
