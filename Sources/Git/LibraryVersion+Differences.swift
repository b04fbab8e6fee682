/// The differences between the supported versions of libgit2. Features of a
/// later version are used where available; nothing depends on them.
extension LibraryVersion {
    /// Whether the history of a shallow clone is walked up to its boundary, as
    /// git does; older versions fail there.
    public var walksShallowHistories: Bool { self >= LibraryVersion(major: 1, minor: 7) }

    /// Whether repositories with `extensions.worktreeConfig` can be opened
    /// (git-worktree(1)).
    public var readsWorktreeConfig: Bool { self >= LibraryVersion(major: 1, minor: 8) }

    /// The phrases with which versions refuse a repository, followed by the
    /// extension or the value of the extension `objectFormat`. There is no
    /// error code or class for it.
    static let refusals: [(words: String, name: @Sendable (Substring) -> String)] = [
        ("unsupported extension name ", { String($0) }),
        // Since 1.7.
        ("unknown object format ", { "extensions.objectFormat = \($0.filter { $0 != "'" })" }),
    ]

    /// The message of libgit2 1.5 about another user's repository when
    /// `safe.directory` is not set at all; later versions have an error code.
    static let missingSafeDirectory = "config value 'safe.directory' was not found"
}
