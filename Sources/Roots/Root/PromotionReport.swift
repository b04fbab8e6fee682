package import Git
package import Records
package import Sites

/// What carrying a root's changes back came to.
package struct PromotionReport: Sendable, Hashable, Codable {
    /// The possible ends.
    package enum Status: String, Sendable, Hashable, Codable {
        /// The root says what its tuple commit says.
        case nothing
        /// Only planned, as asked.
        case planned
        /// The branches have the changes, and the root stands on their tuple
        /// commit.
        case promoted
        /// A branch has changed the same lines; nothing was moved.
        case conflicts
    }

    /// A branch that the root changed something of.
    package struct Branch: Sendable, Hashable, Codable {
        /// Which part of the tuple it is.
        package var part: PromotionPart
        /// The branch.
        package var name: String
        /// Its new commit; nil when it says all this already, and in a
        /// conflict.
        package var commit: ObjectID?
        /// That commit's first line.
        package var subject: String?
        /// Whether there was no local branch of this name.
        package var isNew: Bool
        /// What changes on it, by the branch's own paths.
        package var changes: [PathChange]
        /// The paths that both changed, each otherwise.
        package var conflicts: [String]
    }

    /// The root.
    package var root: String
    /// The site.
    package var site: String
    /// The tuple the root stands on afterwards.
    package var tuple: String
    /// What it came to.
    package var status: Status
    /// The branches the root changed something of.
    package var branches: [Branch] = []
    /// The tuple commit with the changes.
    package var commit: ObjectID?
    /// The other tuples of the site that are composed otherwise from now on.
    package var affected: [String] = []
    /// What to do next: what to type in a conflict, or a tuple to declare.
    package var hints: [String] = []
}
