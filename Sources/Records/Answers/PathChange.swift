package import Git

/// A file of a tuple's configuration that differs between two builds.
package struct PathChange: Sendable, Hashable, Codable {
    /// The kind of change, by git's status letter.
    package enum Status: String, Sendable, Hashable, Codable {
        /// Only the later build has it.
        case added = "A"
        /// Only the earlier build has it.
        case deleted = "D"
        /// Its contents or its executable bit changed.
        case modified = "M"
        /// Its type changed, for example from a file to a symbolic link.
        case typeChanged = "T"
    }

    /// The kind of change.
    package let status: Status
    /// The path in the tuple commit; bytes that are not UTF-8 are replaced.
    package let path: String

    /// Creates a change from a difference between two trees.
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
