internal import CGit2

extension Repository {
    /// What `HEAD` says.
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

    /// What `name` points at, through symbolic references; `nil` when there is
    /// none, or it names a branch without commits.
    ///
    /// - Throws: ``GitError``.
    public func resolve(_ name: RefName) throws -> ObjectID? {
        var id = git_oid()
        let status = git_reference_name_to_id(&id, pointer, name.description)
        if status == GIT_ENOTFOUND.rawValue {
            git_error_clear()
            return nil
        }
        try check(status, "cannot resolve '\(name)'")
        return ObjectID(id)
    }

    /// What a symbolic reference names; `nil` when it is none.
    ///
    /// - Throws: ``GitError``.
    public func symbolicTarget(_ name: RefName) throws -> RefName? {
        try withReferenceIfAny(name) { reference in
            try git_reference_symbolic_target(reference).map {
                try RefName(String(cString: $0))
            }
        } ?? nil
    }

    /// The references whose names begin with `prefix`, such as
    /// `refs/heads/portage/`, sorted by name, and what they point at.
    ///
    /// A prefix that ends in `/` is much the fastest: only that folder is read.
    /// Symbolic references are resolved; those that lead nowhere, and names
    /// that are not UTF-8, which this program never makes, are left out.
    ///
    /// - Throws: ``GitError``.
    public func references(under prefix: String) throws -> [(name: RefName, id: ObjectID)] {
        let action = "cannot list references under '\(prefix)'"
        var found: [(name: RefName, id: ObjectID)] = []
        try withHandle(
            action, freedBy: { git_reference_iterator_free($0) },
            { git_reference_iterator_glob_new(&$0, pointer, prefix + "*") },
            { iterator in
                while true {
                    var reference: OpaquePointer?
                    let status = git_reference_next(&reference, iterator)
                    guard status != GIT_ITEROVER.rawValue else { break }
                    try check(status, action)
                    defer { git_reference_free(reference) }
                    guard let bytes = git_reference_name(reference),
                        let text = String(validatingCString: bytes),
                        let name = try? RefName(text)
                    else { continue }
                    if let id = git_reference_target(reference) {
                        found.append((name, ObjectID(id.pointee)))
                    } else if let id = try resolve(name) {
                        found.append((name, id))
                    }
                }
            })
        return found.sorted { $0.name < $1.name }
    }

    /// Points a reference at an object, if it is what is expected; the look and
    /// the change are one step for all processes.
    ///
    /// - Parameter message: the line for the reflog, where there is one.
    /// - Throws: ``GitError``: `conflict` when it is not what was expected or
    ///   its name clashes with another (`a` and `a/b`), `locked` when another
    ///   process does not let go of it.
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
            // libgit2 has no code for a clash of names.
            case (.other, _): try checkRoom(for: name)
            default: break
            }
            throw error
        }
    }

    private func write(
        _ name: RefName, _ target: ObjectID, _ expecting: RefExpectation, _ message: String?
    ) throws {
        let action = "cannot update ref '\(name)'"
        var new = target.raw
        var reference: OpaquePointer?
        defer { git_reference_free(reference) }
        switch expecting {
        case .anything:
            try check(
                git_reference_create(&reference, pointer, "\(name)", &new, 1, message), action)
        case .absent:
            // Not git_reference_create without force: that looks before it
            // takes the lock, and two processes win.
            var old = ObjectID.zero.raw
            try check(
                git_reference_create_matching(
                    &reference, pointer, "\(name)", &new, 0, &old, message), action)
        case .value(let id):
            var old = id.raw
            try check(
                git_reference_create_matching(
                    &reference, pointer, "\(name)", &new, 1, &old, message), action)
        }
    }

    /// Makes a reference, such as `HEAD`, name another one.
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

    /// Deletes a reference, if it is what is expected.
    ///
    /// - Returns: whether there was one.
    /// - Throws: ``GitError``: `conflict` when it is not what was expected,
    ///   `locked` when another process does not let go of it.
    @discardableResult
    public func delete(_ name: RefName, expecting: RefExpectation = .anything) throws -> Bool {
        let existed = try resolve(name) != nil
        try transaction([RefChange(name, to: nil, expecting: expecting)])
        return existed
    }

    static func moved(_ name: RefName) -> GitError {
        GitError(.conflict, "ref '\(name)' is not what was expected")
    }

    /// libgit2 would write a reference that points at nothing later on.
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
