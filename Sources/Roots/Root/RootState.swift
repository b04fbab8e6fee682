package import Git
package import Records
package import Sites

/// The current state of a root on this machine.
package struct RootState: Sendable, Hashable, Codable {
    /// Its name.
    package let name: ZentooName
    /// Its branch.
    package let branch: String
    /// The branch's commit.
    package let head: ObjectID
    /// The tuple that it is based on.
    package let tuple: String
    /// That tuple's commit.
    package let base: ObjectID
    /// The number of its own commits.
    package let ahead: Int
    /// The stage that it uses, if not the tuple's.
    package let stage: String?
    /// The directory where the branch is checked out.
    package let tree: String
    /// The uncommitted changes in the work tree; nil when the work tree is
    /// missing.
    package let changes: [PathChange]?
    /// The reason why the work tree cannot be used, if any.
    package let obstacle: String?
    /// Whether the changes of a session were kept.
    package let isKept: Bool
    /// The root's own packages, sorted: `flavour/category/name/file`.
    package let packages: [String]
    /// The patch work in it, by package.
    package let patches: [PatchWork]
    /// The process that holds its lock, if any.
    package let holder: String?
}
