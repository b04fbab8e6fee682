internal import CGit2
public import SystemPackage

/// A git repository: the only owner of libgit2's handle.
///
/// libgit2's objects are for one thread at a time
/// (https://github.com/libgit2/libgit2/blob/main/docs/threading.md), so a
/// repository never leaves the task that opened it; open the same directory
/// again instead, which takes a fraction of a millisecond. Its methods return
/// only values.
public final class Repository {
    let pointer: OpaquePointer
    /// The reason why no reference may be written: new objects are temporary.
    var referencesForbidden: String?
    /// Whether objects are read from places that opening the same directory
    /// again would not find.
    var hasOtherObjects = false

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        git_repository_free(pointer)
    }

    /// The directory of references and objects; in a linked work tree, the
    /// administrative directory of that work tree.
    public var gitDirectory: FilePath {
        Self.path(git_repository_path(pointer)) ?? ""
    }

    /// The directory of the references and objects that all work trees share.
    public var commonDirectory: FilePath {
        Self.path(git_repository_commondir(pointer)) ?? gitDirectory
    }

    /// The directory of the checked-out files; nil if the repository is bare.
    public var workingDirectory: FilePath? {
        Self.path(git_repository_workdir(pointer))
    }

    /// Whether it has no work tree.
    public var isBare: Bool { git_repository_is_bare(pointer) == 1 }

    /// Whether it is a linked work tree of another repository.
    public var isWorktree: Bool { git_repository_is_worktree(pointer) == 1 }

    /// Whether history was cut off by a shallow clone, so that walks of it can
    /// fail.
    public var isShallow: Bool { git_repository_is_shallow(pointer) == 1 }

    private static func path(_ string: UnsafePointer<CChar>?) -> FilePath? {
        string.map { FilePath(platformString: $0) }
    }
}

/// Not sendable: a repository belongs to one task, see the type.
@available(*, unavailable)
extension Repository: Sendable {}
