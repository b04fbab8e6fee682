/// How a person wants a tuple built.
package struct BuildOptions: Sendable, Hashable {
    /// Build even what is up to date.
    package var force: Bool
    /// Compose and plan only.
    package var dryRun: Bool
    /// Find out which ebuilds were edited without a revision bump, though only
    /// `rebuild=any-change` compiles them again.
    package var findsEdited: Bool
    /// Keep the root afterwards.
    package var keepsRoot: Bool

    /// The usual way.
    package init(
        force: Bool = false, dryRun: Bool = false, findsEdited: Bool = false,
        keepsRoot: Bool = false
    ) {
        self.force = force
        self.dryRun = dryRun
        self.findsEdited = findsEdited
        self.keepsRoot = keepsRoot
    }
}
