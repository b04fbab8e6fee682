public import Git

/// A root as it is now on this machine.
public struct RootState: Sendable, Hashable, Codable {
    /// Its name.
    public let name: ZentooName
    /// Its branch.
    public let branch: String
    /// The branch's commit.
    public let head: ObjectID
    /// The tuple it stands on.
    public let tuple: String
    /// That tuple's commit.
    public let base: ObjectID
    /// How many commits of its own it has.
    public let ahead: Int
    /// What it is laid over, when that is not the tuple's stage.
    public let stage: String?
    /// Where the branch is checked out.
    public let tree: String
    /// What is in the work tree and not committed; nil when the work tree is
    /// gone.
    public let changes: [PathChange]?
    /// Why the work tree cannot be used as it is, if that is so.
    public let obstacle: String?
    /// Whether the changes of a session were kept.
    public let isKept: Bool
    /// The packages it has for itself, sorted:
    /// `flavour/category/name/file`.
    public let packages: [String]
    /// The patch work in it, by package.
    public let patches: [PatchWork]
    /// Who is in it now.
    public let holder: String?
}
