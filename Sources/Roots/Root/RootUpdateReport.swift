package import Git
package import Records

/// What bringing a root up to date came to.
package struct RootUpdateReport: Sendable, Hashable, Codable {
    /// The possible ends.
    package enum Status: String, Sendable, Hashable, Codable {
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
    package var root: String
    /// Its tuple.
    package var tuple: String
    /// What it came to.
    package var status: Status
    /// The tuple commit it stood on.
    package var old: ObjectID
    /// The tuple commit as it is composed now.
    package var new: ObjectID
    /// What changed from one to the other.
    package var changes: [PathChange] = []
    /// The paths that both changed, each otherwise.
    package var conflicts: [String] = []
    /// What to type, in a conflict.
    package var hints: [String] = []
}
