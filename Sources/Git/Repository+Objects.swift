internal import CGit2

/// The four kinds of objects.
public enum ObjectKind: Sendable, Hashable {
    /// The bytes of a file.
    case blob
    /// A directory.
    case tree
    /// A commit.
    case commit
    /// An annotated tag.
    case tag

    init?(_ raw: git_object_t) {
        switch raw {
        case GIT_OBJECT_BLOB: self = .blob
        case GIT_OBJECT_TREE: self = .tree
        case GIT_OBJECT_COMMIT: self = .commit
        case GIT_OBJECT_TAG: self = .tag
        default: return nil
        }
    }

    var raw: git_object_t {
        switch self {
        case .blob: GIT_OBJECT_BLOB
        case .tree: GIT_OBJECT_TREE
        case .commit: GIT_OBJECT_COMMIT
        case .tag: GIT_OBJECT_TAG
        }
    }

    /// The name of the type in git.
    public var name: String {
        switch self {
        case .blob: "blob"
        case .tree: "tree"
        case .commit: "commit"
        case .tag: "tag"
        }
    }
}

extension Repository {
    /// Returns whether an object exists.
    ///
    /// - Throws: ``GitError``.
    public func exists(_ id: ObjectID) throws -> Bool {
        var raw = id.raw
        return try withObjectDatabase { git_odb_exists($0, &raw) == 1 }
    }

    /// Returns the type of an object; `nil` when it does not exist.
    ///
    /// - Throws: ``GitError``.
    public func kind(of id: ObjectID) throws -> ObjectKind? {
        try header(of: id)?.kind
    }

    /// Returns the size of an object in bytes; `nil` when it does not exist.
    ///
    /// - Throws: ``GitError``.
    public func size(of id: ObjectID) throws -> Int? {
        try header(of: id)?.size
    }

    /// Returns the object of kind `kind` that `id` is or leads to: the commit
    /// of a tag, the tree of a commit.
    ///
    /// - Throws: ``GitError``, `notFound` or, when it does not lead to such an
    ///   object, `invalid`.
    public func peel(_ id: ObjectID, to kind: ObjectKind) throws -> ObjectID {
        let action = "cannot find a \(kind.name) in '\(id)'"
        return try withObject(id, nil) { object in
            try withHandle(
                action, freedBy: git_object_free, { git_object_peel(&$0, object, kind.raw) },
                { try Self.id(of: $0, action) })
        }
    }

    /// Returns the object that a revision of gitrevisions(7) names, such as
    /// `v1^{commit}` or `main~2:config/tuples`; `nil` when there is none.
    ///
    /// - Throws: ``GitError``: `ambiguous` for a prefix of several objects,
    ///   `invalidName` for an invalid revision.
    public func parse(_ revision: String) throws -> ObjectID? {
        let action = "ambiguous or invalid revision '\(revision)'"
        var object: OpaquePointer?
        let status = git_revparse_single(&object, pointer, revision)
        if status == GIT_ENOTFOUND.rawValue {
            git_error_clear()
            return nil
        }
        try check(status, action)
        guard let object else { return nil }
        defer { git_object_free(object) }
        return try Self.id(of: object, action)
    }

    /// Returns the shortest unique prefix of an id, with at least `core.abbrev`
    /// digits.
    ///
    /// - Throws: ``GitError``.
    public func abbreviation(of id: ObjectID) throws -> String {
        try withObject(id, nil) { object in
            var buffer = git_buf()
            defer { git_buf_dispose(&buffer) }
            try check(git_object_short_id(&buffer, object), "cannot abbreviate '\(id)'")
            return buffer.ptr.map { String(cString: $0) } ?? "\(id)"
        }
    }

    private func header(of id: ObjectID) throws -> (kind: ObjectKind, size: Int)? {
        var raw = id.raw
        var size = 0
        var kind = GIT_OBJECT_INVALID
        return try withObjectDatabase { odb in
            let status = git_odb_read_header(&size, &kind, odb, &raw)
            if status == GIT_ENOTFOUND.rawValue {
                git_error_clear()
                return nil
            }
            try check(status, "cannot read object '\(id)'")
            return ObjectKind(kind).map { ($0, size) }
        }
    }

    static func id(of object: OpaquePointer, _ action: String) throws -> ObjectID {
        guard let id = git_object_id(object) else { throw GitError(.other(-1), action) }
        return ObjectID(id.pointee)
    }

    func withObjectDatabase<Result>(_ body: (OpaquePointer) throws -> Result) throws -> Result {
        try withHandle(
            "cannot open object database", freedBy: git_odb_free,
            { git_repository_odb(&$0, pointer) }, body)
    }

    /// - Throws: ``GitError``, `notFound` also when the object is of another
    ///   kind.
    func withObject<Result>(
        _ id: ObjectID, _ kind: ObjectKind?, _ body: (OpaquePointer) throws -> Result
    ) throws -> Result {
        var raw = id.raw
        return try withHandle(
            "cannot read \(kind?.name ?? "object") '\(id)'", freedBy: git_object_free,
            { git_object_lookup(&$0, pointer, &raw, kind?.raw ?? GIT_OBJECT_ANY) }, body)
    }
}
