/// One change to a tree and all beneath it.
public enum TreeChange: Sendable, Hashable {
    /// Puts a blob or a whole tree there, in the place of what is there;
    /// directories on the way are made.
    case put(TreePath, EntryMode, ObjectID)
    /// Takes away what is there, if anything, and the directories that become
    /// empty by it.
    case remove(TreePath)

    /// Where.
    public var path: TreePath {
        switch self {
        case .put(let path, _, _), .remove(let path): path
        }
    }
}
