/// What a tree cannot keep of a directory that was stored in it.
public struct ImportReport: Sendable, Hashable {
    /// Something that is lost.
    public enum Loss: Sendable, Hashable {
        /// A directory with nothing in it that git keeps.
        case emptyDirectory
        /// A socket, a fifo or a device.
        case special
        /// An owner or group other than root.
        case owner(user: UInt32, group: UInt32)
        /// Permission bits other than 0644 or 0755, set-user-id and its like
        /// included.
        case mode(UInt32)
        /// A repository's `.git`.
        case nestedRepository
        /// A name git refuses.
        case refusedName
    }

    /// Something that is lost, and where.
    public struct Entry: Sendable, Hashable {
        /// Where.
        public let path: TreePath
        /// What is lost there.
        public let loss: Loss
    }

    /// All that is lost, in the order of the paths.
    public internal(set) var losses: [Entry] = []
    /// How many files and links were stored.
    public internal(set) var files = 0

    mutating func note(_ loss: Loss, at path: TreePath) {
        losses.append(Entry(path: path, loss: loss))
    }
}

/// What a name in a directory is, for the filter of an import.
public enum FileKind: Sendable, Hashable {
    /// A regular file.
    case file
    /// A directory.
    case directory
    /// A symbolic link.
    case symlink
    /// A socket, a fifo or a device.
    case special
}
