package import Git
package import Records
package import Sites

/// A root as it is now on this machine.
package struct RootState: Sendable, Hashable, Codable {
    /// Its name.
    package let name: ZentooName
    /// Its branch.
    package let branch: String
    /// The branch's commit.
    package let head: ObjectID
    /// The tuple it stands on.
    package let tuple: String
    /// That tuple's commit.
    package let base: ObjectID
    /// How many commits of its own it has.
    package let ahead: Int
    /// What it is laid over, when that is not the tuple's stage.
    package let stage: String?
    /// Where the branch is checked out.
    package let tree: String
    /// What is in the work tree and not committed; nil when the work tree is
    /// gone.
    package let changes: [PathChange]?
    /// Why the work tree cannot be used as it is, if that is so.
    package let obstacle: String?
    /// Whether the changes of a session were kept.
    package let isKept: Bool
    /// The packages it has for itself, sorted:
    /// `flavour/category/name/file`.
    package let packages: [String]
    /// The patch work in it, by package.
    package let patches: [PatchWork]
    /// Who is in it now.
    package let holder: String?
}
