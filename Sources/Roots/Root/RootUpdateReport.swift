package import Git
package import Records

/// The result of updating a root.
package struct RootUpdateReport: Sendable, Hashable, Codable {
    /// The possible results.
    package enum Status: String, Sendable, Hashable, Codable {
        /// The root is already based on the tuple commit as it is composed now.
        case upToDate = "up-to-date"
        /// The root had no commits, so its branch was moved to the tuple
        /// commit.
        case moved
        /// The root's commits were merged with the tuple commit.
        case merged
        /// Both changed the same lines; nothing was moved.
        case conflicts
    }

    /// The root.
    package var root: String
    /// Its tuple.
    package var tuple: String
    /// The result.
    package var status: Status
    /// The tuple commit that it was based on.
    package var old: ObjectID
    /// The tuple commit as it is composed now.
    package var new: ObjectID
    /// The changes between the two tuple commits.
    package var changes: [PathChange] = []
    /// The paths that both sides changed differently.
    package var conflicts: [String] = []
    /// The commands to run in a conflict.
    package var hints: [String] = []
}
