public import SystemPackage

/// A linked work tree (git-worktree(1)).
public struct Worktree: Sendable, Hashable {
    /// Its name, which is that of its administrative directory.
    public let name: String
    /// Where its files are.
    public let path: FilePath
    /// Whether its files and its administrative directory still know each
    /// other; `git worktree repair` makes it so after a move.
    public let isValid: Bool
    /// Whether it is locked against being pruned.
    public let isLocked: Bool
}
