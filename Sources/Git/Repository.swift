internal import CGit2
public import SystemPackage

/// A git repository: the one owner of libgit2's handle.
///
/// libgit2's objects are for one thread at a time
/// (https://github.com/libgit2/libgit2/blob/main/docs/threading.md), so a
/// repository never leaves the task that opened it; open another one of the
/// same directory instead, that costs a fraction of a millisecond. All that
/// its methods return are values.
public final class Repository {
    let pointer: OpaquePointer
    /// Why no reference may be written: new objects are here only for a while.
    var referencesForbidden: String?

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        git_repository_free(pointer)
    }

    /// Where the references and objects are; in a linked work tree, the
    /// administrative directory of that work tree.
    public var gitDirectory: FilePath {
        Self.path(git_repository_path(pointer)) ?? ""
    }

    /// Where the references and objects that all work trees share are.
    public var commonDirectory: FilePath {
        Self.path(git_repository_commondir(pointer)) ?? gitDirectory
    }

    /// The directory whose files are checked out, unless the repository is bare.
    public var workingDirectory: FilePath? {
        Self.path(git_repository_workdir(pointer))
    }

    /// Whether it has no work tree.
    public var isBare: Bool { git_repository_is_bare(pointer) == 1 }

    /// Whether it is a linked work tree of another repository.
    public var isWorktree: Bool { git_repository_is_worktree(pointer) == 1 }

    /// Whether history was cut off when it was cloned, so that walks of it fail.
    public var isShallow: Bool { git_repository_is_shallow(pointer) == 1 }

    private static func path(_ string: UnsafePointer<CChar>?) -> FilePath? {
        string.map { FilePath(platformString: $0) }
    }
}

/// See the type: one task, one repository.
@available(*, unavailable)
extension Repository: Sendable {}
