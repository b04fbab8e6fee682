/// What the versions of libgit2 that git-zentoo works with do differently. What
/// a later one can do is allowed where it can; nothing depends on it.
extension LibraryVersion {
    /// Whether a history that a shallow clone cut off is walked up to the cut,
    /// as git does; older versions fail there.
    public var walksShallowHistories: Bool { self >= LibraryVersion(major: 1, minor: 7) }

    /// Whether repositories with `extensions.worktreeConfig` are opened
    /// (git-worktree(1)).
    public var readsWorktreeConfig: Bool { self >= LibraryVersion(major: 1, minor: 8) }

    /// The words with which versions refuse a repository, and what follows
    /// them is the extension, or the value of the extension `objectFormat`: there
    /// is no code or class for it.
    static let refusals: [(words: String, name: @Sendable (Substring) -> String)] = [
        ("unsupported extension name ", { String($0) }),
        // Since 1.7.
        ("unknown object format ", { "extensions.objectFormat = \($0.filter { $0 != "'" })" }),
    ]

    /// What libgit2 1.5 says of another user's repository while no
    /// `safe.directory` is set at all; later versions have a code.
    static let missingSafeDirectory = "config value 'safe.directory' was not found"
}
