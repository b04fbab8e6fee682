/// How a person wants a tuple built.
public struct BuildOptions: Sendable, Hashable {
    /// Build even what is up to date.
    public var force: Bool
    /// Compose and plan only.
    public var dryRun: Bool
    /// Find out which ebuilds were edited without a revision bump, though only
    /// `rebuild=any-change` compiles them again.
    public var findsEdited: Bool
    /// Keep the root afterwards.
    public var keepsRoot: Bool

    /// The usual way.
    public init(
        force: Bool = false, dryRun: Bool = false, findsEdited: Bool = false,
        keepsRoot: Bool = false
    ) {
        self.force = force
        self.dryRun = dryRun
        self.findsEdited = findsEdited
        self.keepsRoot = keepsRoot
    }
}
