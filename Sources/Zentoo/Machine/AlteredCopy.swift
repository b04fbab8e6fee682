/// A directory of the state directory that is not the copy it was made as.
public struct AlteredCopy: Sendable, Hashable, Codable {
    /// Relative to the state directory.
    public let path: String
    /// What it was made of, for people.
    public let original: String
}
