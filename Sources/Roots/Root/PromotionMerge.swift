internal import Git
internal import Sites

/// A branch with a root's changes merged into it, before any reference is
/// moved.
struct PromotionMerge {
    let part: PromotionPart
    let branch: String
    /// The branch as it is now; nil when it does not exist.
    let found: BranchFinder.Branch?
    /// The local branch's commit; nil when only a remote has it.
    let local: ObjectID?
    /// The parent of the new commit.
    let parent: ObjectID
    let result: MergeResult

    /// The merged tree; nil in a conflict.
    var tree: ObjectID? {
        if case .merged(let tree) = result { tree } else { nil }
    }

    /// The paths in conflict.
    var conflicts: [String] {
        if case .conflicts(let paths) = result { paths.map(\.description) } else { [] }
    }
}
