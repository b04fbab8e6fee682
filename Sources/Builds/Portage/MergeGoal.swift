/// What a merge is to bring about; a version is `category/name-version`, with
/// `::repository` behind it where there is only one that is meant.
package enum MergeGoal: Sendable, Hashable {
    /// The set is there, and all it needs is up to date.
    case set(String)
    /// All that the root and the set need is merged anew.
    case everything(with: String)
    /// This version is there, with what it needs.
    case version(String)
    /// What this version needs is there.
    case needs(of: String)
    /// This version is merged, and nothing else.
    case only(String)

    /// The options of emerge(1) that choose what is merged.
    ///
    /// But for a build's set nothing becomes part of the root's own world:
    /// a stage does not say what is built over it.
    var options: [String] {
        switch self {
        case .set: ["--update", "--deep", "--newuse", "--with-bdeps=y"]
        case .everything: ["--oneshot", "--emptytree", "--with-bdeps=y"]
        case .version: ["--oneshot", "--with-bdeps=y"]
        case .needs: ["--oneshot", "--onlydeps", "--with-bdeps=y"]
        case .only: ["--oneshot", "--nodeps"]
        }
    }

    /// Whether one package is merged and nothing else.
    var isOnlyOne: Bool {
        if case .only = self { return true }
        return false
    }

    /// Whether the root has all of the plan when it is merged.
    var isEverything: Bool {
        if case .everything = self { return true }
        return false
    }

    /// For messages: `set '@router'`.
    var subject: String {
        let targets = "'\(targets.joined(separator: " "))'"
        if case .set = self { return "set \(targets)" }
        return targets
    }

    /// What it is told of.
    var targets: [String] {
        switch self {
        case .set(let set): ["@\(set)"]
        case .everything(let set): ["@world", "@\(set)"]
        case .version(let cpv), .needs(let cpv), .only(let cpv): ["=\(cpv)"]
        }
    }
}
