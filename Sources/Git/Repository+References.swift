internal import CGit2

extension Repository {
    /// Returns the value of `HEAD`.
    ///
    /// - Throws: ``GitError``.
    public func head() throws -> Head {
        try withReference(.head) { reference in
            if let target = git_reference_symbolic_target(reference) {
                return .branch(try RefName(String(cString: target)))
            }
            guard let id = git_reference_target(reference) else {
                throw GitError(.invalid, "'HEAD' points nowhere")
            }
            return .detached(ObjectID(id.pointee))
        }
    }

    /// Returns the target of a reference, through symbolic references; `nil`
    /// when it does not exist or names a branch without commits.
    ///
    /// - Throws: ``GitError``.
    public func resolve(_ name: RefName) throws -> ObjectID? {
        switch try ReferenceFiles(commonDirectory).followed(name) {
        case nil: return nil
        case .object(let id): return id
        case .symbolic, .unreadable: return try resolveElsewhere(name)
        }
    }

    /// Resolves with libgit2 a name that is not, or not only, in the shared
    /// reference files, such as `HEAD`.
    private func resolveElsewhere(_ name: RefName) throws -> ObjectID? {
        var id = git_oid()
        let status = git_reference_name_to_id(&id, pointer, name.description)
        if status == GIT_ENOTFOUND.rawValue {
            git_error_clear()
            return nil
        }
        try check(status, "cannot resolve '\(name)'")
        return ObjectID(id)
    }

    /// Returns the target of a symbolic reference; `nil` when it is not one.
    ///
    /// - Throws: ``GitError``.
    public func symbolicTarget(_ name: RefName) throws -> RefName? {
        try withReferenceIfAny(name) { reference in
            try git_reference_symbolic_target(reference).map {
                try RefName(String(cString: $0))
            }
        } ?? nil
    }

    /// Returns the references whose names begin with `prefix`, such as
    /// `refs/heads/portage/`, sorted by name, and their targets.
    ///
    /// The cost depends on the number of matching references, not of all.
    /// Symbolic references are resolved; dangling and broken references, and
    /// names that are not UTF-8, which this program never creates, are left
    /// out.
    ///
    /// - Parameter prefix: within `refs/`, but not in the per-worktree
    ///   references such as `refs/bisect/` (gitrepository-layout(5)).
    /// - Throws: ``GitError``.
    public func references(under prefix: String) throws -> [(name: RefName, id: ObjectID)] {
        try unsortedReferences(under: prefix).sorted { $0.name < $1.name }
    }

    /// Returns the same references unsorted, for callers that sort them
    /// differently.
    ///
    /// - Throws: ``GitError``.
    public func unsortedReferences(
        under prefix: String
    ) throws -> [(name: RefName, id: ObjectID)] {
        try ReferenceFiles(commonDirectory).references(under: prefix)
            .compactMap { name, value in
                switch value {
                case .object(let id): (name, id)
                case .symbolic, .unreadable: try resolve(name).map { (name, $0) }
                }
            }
    }

    /// Points a reference at an object if it has the expected value; check and
    /// change are atomic for all processes.
    ///
    /// - Parameters:
    ///   - name: the reference.
    ///   - target: the object.
    ///   - expecting: the expected value.
    ///   - message: the reflog message, if there is a reflog.
    /// - Throws: ``GitError``: `conflict` when it does not have the expected
    ///   value or its name clashes with another (`a` and `a/b`), `locked` when
    ///   another process keeps it locked.
    public func set(
        _ name: RefName, to target: ObjectID, expecting: RefExpectation, message: String? = nil
    ) throws {
        try refuseWhereForbidden()
        do {
            try Contention.retryingLocks {
                try write(name, target, expecting, message)
            }
        } catch let error as GitError {
            switch (error.code, expecting) {
            case (.notFound, .value): throw Self.moved(name)
            // libgit2 has no error code for a clash of names.
            case (.other, _): try checkRoom(for: name)
            default: break
            }
            throw error
        }
    }

    private func write(
        _ name: RefName, _ target: ObjectID, _ expecting: RefExpectation, _ message: String?
    ) throws {
        var new = target.raw
        var reference: OpaquePointer?
        defer { git_reference_free(reference) }
        let status: Int32
        switch expecting {
        case .anything:
            status = git_reference_create(&reference, pointer, "\(name)", &new, 1, message)
        case .absent:
            // Not git_reference_create without force: it checks before it takes
            // the lock, so two processes can succeed.
            var old = ObjectID.zero.raw
            status = git_reference_create_matching(
                &reference, pointer, "\(name)", &new, 0, &old, message)
        case .value(let id):
            var old = id.raw
            status = git_reference_create_matching(
                &reference, pointer, "\(name)", &new, 1, &old, message)
        }
        if status == GIT_ENOTFOUND.rawValue, try expecting.allows(resolve(name)) {
            throw Self.folderGone(name)
        }
        try check(status, "cannot update ref '\(name)'")
    }

    /// Returns an error that causes a retry: the directory for the lock was
    /// empty, and another process removed it just before the lock was created.
    static func folderGone(_ name: RefName) -> GitError {
        git_error_clear()
        return GitError(.locked, "cannot lock ref '\(name)'")
    }

    /// Points a symbolic reference, such as `HEAD`, at another reference.
    ///
    /// - Throws: ``GitError``.
    public func setSymbolic(_ name: RefName, to target: RefName, message: String? = nil) throws {
        try refuseWhereForbidden()
        try Contention.retryingLocks {
            var reference: OpaquePointer?
            defer { git_reference_free(reference) }
            try check(
                git_reference_symbolic_create(
                    &reference, pointer, "\(name)", "\(target)", 1, message),
                "cannot update ref '\(name)'")
        }
    }

    /// Deletes a reference if it has the expected value.
    ///
    /// - Returns: whether it existed.
    /// - Throws: ``GitError``: `conflict` when it does not have the expected
    ///   value, `locked` when another process keeps it locked.
    @discardableResult
    public func delete(_ name: RefName, expecting: RefExpectation = .anything) throws -> Bool {
        let existed = try resolve(name) != nil
        try transaction([RefChange(name, to: nil, expecting: expecting)])
        return existed
    }

    static func moved(_ name: RefName) -> GitError {
        GitError(.conflict, "ref '\(name)' is not what was expected")
    }

    /// Refuses to write references if new objects are temporary: libgit2 would
    /// write a reference whose target disappears later.
    ///
    /// - Throws: ``GitError`` with code `unsupported`.
    func refuseWhereForbidden() throws {
        if let referencesForbidden { throw GitError(.unsupported, referencesForbidden) }
    }

    func withReference<Result>(
        _ name: RefName, _ body: (OpaquePointer) throws -> Result
    ) throws -> Result {
        try withHandle(
            "cannot read ref '\(name)'", freedBy: git_reference_free,
            { git_reference_lookup(&$0, pointer, "\(name)") }, body)
    }

    private func withReferenceIfAny<Result>(
        _ name: RefName, _ body: (OpaquePointer) throws -> Result
    ) throws -> Result? {
        var reference: OpaquePointer?
        let status = git_reference_lookup(&reference, pointer, "\(name)")
        if status == GIT_ENOTFOUND.rawValue {
            git_error_clear()
            return nil
        }
        try check(status, "cannot read ref '\(name)'")
        guard let reference else { return nil }
        defer { git_reference_free(reference) }
        return try body(reference)
    }
}
