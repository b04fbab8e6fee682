internal import CGit2

/// The mode of a tree entry; git knows no other modes.
public enum EntryMode: UInt32, Sendable, Hashable {
    /// A regular file.
    case file = 0o100644
    /// A regular file that is executable.
    case executable = 0o100755
    /// A symbolic link; the blob is its target.
    case symlink = 0o120000
    /// A directory.
    case tree = 0o040000
    /// A commit of another repository.
    case gitlink = 0o160000

    /// Whether the entry is a blob.
    public var hasContent: Bool { self != .tree && self != .gitlink }

    var raw: git_filemode_t { git_filemode_t(rawValue) }
}

/// An entry of a tree.
public struct TreeEntry: Sendable, Hashable {
    /// The bytes of the name; never empty, never with a `/`.
    public let name: [UInt8]
    /// The mode of the entry.
    public let mode: EntryMode
    /// The id of the blob, tree or commit.
    public let id: ObjectID

    /// Creates an entry.
    public init(name: [UInt8], mode: EntryMode, id: ObjectID) {
        self.name = name
        self.mode = mode
        self.id = id
    }

    /// Creates an entry.
    public init(_ name: String, _ mode: EntryMode, _ id: ObjectID) {
        self.init(name: Array(name.utf8), mode: mode, id: id)
    }

    /// The name for display: bytes that are not UTF-8 are replaced.
    public var text: String { String(decoding: name, as: UTF8.self) }
}

extension TreeEntry {
    /// Creates an entry from one of libgit2.
    ///
    /// - Throws: ``GitError`` when git does not know the mode.
    init(_ entry: OpaquePointer) throws {
        let mode = git_tree_entry_filemode(entry).rawValue
        guard let name = git_tree_entry_name(entry), let id = git_tree_entry_id(entry),
            let mode = EntryMode(rawValue: mode)
        else {
            throw GitError(.invalid, "tree entry with unknown mode \(String(mode, radix: 8))")
        }
        self.init(name: bytes(of: name), mode: mode, id: ObjectID(id.pointee))
    }
}
