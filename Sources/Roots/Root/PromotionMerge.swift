internal import Git
internal import Sites

/// A branch with a root's changes merged into it; nothing is moved yet.
struct PromotionMerge {
    let part: PromotionPart
    let branch: String
    /// What the branch has now; nil when there is none.
    let found: BranchFinder.Branch?
    /// The local branch's commit; nil when only a remote has it.
    let local: ObjectID?
    /// What the new commit follows.
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
