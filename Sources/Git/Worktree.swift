public import SystemPackage

/// A linked work tree (git-worktree(1)).
public struct Worktree: Sendable, Hashable {
    /// The name, which is that of its administrative directory.
    public let name: String
    /// The directory of its files.
    public let path: FilePath
    /// Whether its files and its administrative directory refer to each other;
    /// `git worktree repair` repairs this after a move.
    public let isValid: Bool
    /// Whether it is locked against being pruned.
    public let isLocked: Bool
}
