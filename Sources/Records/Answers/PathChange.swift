package import Git

/// A file of a tuple's configuration that differs between two builds.
package struct PathChange: Sendable, Hashable, Codable {
    /// What happened to it, by git's letter.
    package enum Status: String, Sendable, Hashable, Codable {
        /// Only the later build has it.
        case added = "A"
        /// Only the earlier build has it.
        case deleted = "D"
        /// Other contents, or another x bit.
        case modified = "M"
        /// A file became a link, or the like.
        case typeChanged = "T"
    }

    /// What happened to it.
    package let status: Status
    /// Where it is in the tuple commit; bytes that are not UTF-8 are replaced.
    package let path: String

    /// A difference between two trees.
    package init(_ delta: TreeDelta) {
        path = delta.path.description
        status =
            switch (delta.old, delta.new) {
            case (nil, _): .added
            case (_, nil): .deleted
            case (let old?, let new?):
                Self.isFile(old.mode) == Self.isFile(new.mode) && Self.isFile(old.mode)
                    || old.mode == new.mode ? .modified : .typeChanged
            }
    }

    private static func isFile(_ mode: EntryMode) -> Bool { mode == .file || mode == .executable }
}
