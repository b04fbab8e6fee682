/// The properties of a stored directory that a tree cannot hold.
public struct ImportReport: Sendable, Hashable {
    /// A property that is lost.
    public enum Loss: Sendable, Hashable {
        /// A directory without content that git can store.
        case emptyDirectory
        /// A socket, a fifo or a device.
        case special
        /// An owner or group other than root.
        case owner(user: UInt32, group: UInt32)
        /// Permission bits other than 0644 or 0755, including set-user-id and
        /// similar bits.
        case mode(UInt32)
        /// The `.git` of a nested repository.
        case nestedRepository
        /// A name that git refuses.
        case refusedName
    }

    /// A lost property and its path.
    public struct Entry: Sendable, Hashable {
        /// The path.
        public let path: TreePath
        /// The property that is lost there.
        public let loss: Loss
    }

    /// All losses, in the order of the paths.
    public internal(set) var losses: [Entry] = []
    /// The number of files and symbolic links that were stored.
    public internal(set) var files = 0

    mutating func note(_ loss: Loss, at path: TreePath) {
        losses.append(Entry(path: path, loss: loss))
    }
}

/// The type of a directory entry, for the filter of an import.
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
