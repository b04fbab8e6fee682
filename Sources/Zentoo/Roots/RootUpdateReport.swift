public import Git

/// What bringing a root up to date came to.
public struct RootUpdateReport: Sendable, Hashable, Codable {
    /// The possible ends.
    public enum Status: String, Sendable, Hashable, Codable {
        /// It stands on the tuple commit as it is composed now.
        case upToDate = "up-to-date"
        /// Nothing was committed in it, so it is now the tuple commit.
        case moved
        /// What was committed in it is merged with the tuple commit.
        case merged
        /// Both changed the same lines; nothing was moved.
        case conflicts
    }

    /// The root.
    public var root: String
    /// Its tuple.
    public var tuple: String
    /// What it came to.
    public var status: Status
    /// The tuple commit it stood on.
    public var old: ObjectID
    /// The tuple commit as it is composed now.
    public var new: ObjectID
    /// What changed from one to the other.
    public var changes: [PathChange] = []
    /// The paths that both changed, each otherwise.
    public var conflicts: [String] = []
    /// What to type, in a conflict.
    public var hints: [String] = []
}
