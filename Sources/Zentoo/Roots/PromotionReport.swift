public import Git

/// What carrying a root's changes back came to.
public struct PromotionReport: Sendable, Hashable, Codable {
    /// The possible ends.
    public enum Status: String, Sendable, Hashable, Codable {
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
    public struct Branch: Sendable, Hashable, Codable {
        /// Which part of the tuple it is.
        public var part: PromotionPart
        /// The branch.
        public var name: String
        /// Its new commit; nil when it says all this already, and in a
        /// conflict.
        public var commit: ObjectID?
        /// That commit's first line.
        public var subject: String?
        /// Whether there was no local branch of this name.
        public var isNew: Bool
        /// What changes on it, by the branch's own paths.
        public var changes: [PathChange]
        /// The paths that both changed, each otherwise.
        public var conflicts: [String]
    }

    /// The root.
    public var root: String
    /// The site.
    public var site: String
    /// The tuple the root stands on afterwards.
    public var tuple: String
    /// What it came to.
    public var status: Status
    /// The branches the root changed something of.
    public var branches: [Branch] = []
    /// The tuple commit with the changes.
    public var commit: ObjectID?
    /// The other tuples of the site that are composed otherwise from now on.
    public var affected: [String] = []
    /// What to do next: what to type in a conflict, or a tuple to declare.
    public var hints: [String] = []
}
