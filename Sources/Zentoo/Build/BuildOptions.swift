/// How a person wants a tuple built.
public struct BuildOptions: Sendable, Hashable {
    /// Build even what is up to date.
    public var force: Bool
    /// Compose and plan only.
    public var dryRun: Bool
    /// Keep the root afterwards.
    public var keepsRoot: Bool

    /// The usual way.
    public init(force: Bool = false, dryRun: Bool = false, keepsRoot: Bool = false) {
        self.force = force
        self.dryRun = dryRun
        self.keepsRoot = keepsRoot
    }
}
