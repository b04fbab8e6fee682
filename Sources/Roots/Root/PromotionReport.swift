package import Git
package import Records
package import Sites

/// The result of a promotion.
package struct PromotionReport: Sendable, Hashable, Codable {
    /// The possible results.
    package enum Status: String, Sendable, Hashable, Codable {
        /// The root has the same content as its tuple commit.
        case nothing
        /// Only planned, as requested.
        case planned
        /// The branches have the changes, and the root is based on their tuple
        /// commit.
        case promoted
        /// A branch has changed the same lines; nothing was moved.
        case conflicts
    }

    /// A branch that the root's changes affect.
    package struct Branch: Sendable, Hashable, Codable {
        /// The part of the tuple.
        package var part: PromotionPart
        /// The branch.
        package var name: String
        /// Its new commit; nil when the branch already has the content, and in
        /// a conflict.
        package var commit: ObjectID?
        /// The subject of that commit.
        package var subject: String?
        /// Whether there was no local branch of this name.
        package var isNew: Bool
        /// The changes on it, as paths on the branch.
        package var changes: [PathChange]
        /// The paths that both sides changed differently.
        package var conflicts: [String]
    }

    /// The root.
    package var root: String
    /// The site.
    package var site: String
    /// The tuple that the root is based on afterwards.
    package var tuple: String
    /// The result.
    package var status: Status
    /// The branches that the root's changes affect.
    package var branches: [Branch] = []
    /// The tuple commit with the changes.
    package var commit: ObjectID?
    /// The other tuples of the site whose composition changes.
    package var affected: [String] = []
    /// The next steps: the commands to run in a conflict, or a tuple to
    /// declare.
    package var hints: [String] = []
}
