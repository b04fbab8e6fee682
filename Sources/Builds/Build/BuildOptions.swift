/// The user's options for the build of a tuple.
package struct BuildOptions: Sendable, Hashable {
    /// Build even if the tuple is up to date.
    package var force: Bool
    /// Compose and plan only.
    package var dryRun: Bool
    /// Find ebuilds that were edited without a revision bump, even if only
    /// `rebuild=any-change` compiles them again.
    package var findsEdited: Bool
    /// Keep the root afterwards.
    package var keepsRoot: Bool

    /// Creates options, by default those of a normal build.
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
