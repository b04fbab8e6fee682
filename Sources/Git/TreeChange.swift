/// A change to a tree and the entries below it.
public enum TreeChange: Sendable, Hashable {
    /// Puts a blob or a whole tree at the path, replacing what is there;
    /// missing directories above are created.
    case put(TreePath, EntryMode, ObjectID)
    /// Removes what is at the path, if anything, and directories that become
    /// empty.
    case remove(TreePath)

    /// The path that is changed.
    public var path: TreePath {
        switch self {
        case .put(let path, _, _), .remove(let path): path
        }
    }
}
