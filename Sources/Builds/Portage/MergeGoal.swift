/// The goal of a merge. A version is `category/name-version`, followed by
/// `::repository` if only that repository's is meant.
package enum MergeGoal: Sendable, Hashable {
    /// The set is merged, and everything it needs is up to date.
    case set(String)
    /// Everything that the root and the set need is merged again.
    case everything(with: String)
    /// This version is merged, with its dependencies.
    case version(String)
    /// The dependencies of this version are merged.
    case needs(of: String)
    /// This version is merged, and nothing else.
    case only(String)
    /// These versions are merged, with what they need to be compiled and to run.
    case versions([String])

    /// The options of emerge(1) that select what is merged.
    ///
    /// Only the set of a build is added to the root's own world: a stage must
    /// not list what was built over it.
    var options: [String] {
        switch self {
        case .set: ["--update", "--deep", "--newuse", "--with-bdeps=y"]
        case .everything: ["--oneshot", "--emptytree", "--with-bdeps=y"]
        case .version: ["--oneshot", "--with-bdeps=y"]
        case .needs: ["--oneshot", "--onlydeps", "--with-bdeps=y"]
        case .only: ["--oneshot", "--nodeps"]
        // Dependencies are those of the set's plan; what binary packages were
        // compiled with is not needed again.
        case .versions: ["--oneshot", "--update", "--deep", "--newuse", "--with-bdeps=n"]
        }
    }

    /// Whether one package is merged and nothing else.
    var isOnlyOne: Bool {
        if case .only = self { return true }
        return false
    }

    /// Whether the root contains everything in the plan after the merge.
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

    /// The targets on the command line of emerge(1).
    var targets: [String] {
        switch self {
        case .set(let set): ["@\(set)"]
        case .everything(let set): ["@world", "@\(set)"]
        case .version(let cpv), .needs(let cpv), .only(let cpv): ["=\(cpv)"]
        case .versions(let cpvs): cpvs.map { "=\($0)" }
        }
    }
}
