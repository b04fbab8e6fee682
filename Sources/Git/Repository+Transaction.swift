internal import CGit2

extension Repository {
    /// Changes several references, or none: all are locked and checked before
    /// any is written.
    ///
    /// A process killed between the writes leaves the earlier ones, as with
    /// `git update-ref --stdin`: the files backend offers no stronger
    /// guarantee.
    ///
    /// - Parameters:
    ///   - changes: the changes, at most one per reference.
    ///   - message: the reflog message, where there is a reflog.
    /// - Throws: ``GitError``: `conflict` when one of them does not have the
    ///   expected value, `locked` when another process keeps one locked.
    public func transaction(_ changes: [RefChange], message: String? = nil) throws {
        try refuseWhereForbidden()
        guard Set(changes.map(\.name)).count == changes.count else {
            throw GitError(.invalid, "a ref is changed twice in one transaction")
        }
        let changes = changes.sorted { $0.name < $1.name }
        let deleted = changes.filter { $0.target == nil }.map(\.name)
        try write(changes, deleting: Set(deleted), message)
        for name in deleted { ReferenceFiles(commonDirectory).removeEmptyFolder(of: name) }
    }

    private func write(
        _ changes: [RefChange], deleting deleted: Set<RefName>, _ message: String?
    ) throws {
        let names = changes.map { "\($0.name)" }.joined(separator: "', '")
        try Contention.retryingLocks {
            try withHandle(
                "cannot update refs '\(names)'", freedBy: git_transaction_free,
                { git_transaction_new(&$0, pointer) },
                { transaction in
                    for change in changes { try lock(change.name, in: transaction) }
                    guard !deleted.isEmpty else {
                        return try commit(changes, in: transaction, message)
                    }
                    try PackedReferences.locked(in: commonDirectory) { packed in
                        try commit(changes, in: transaction, message) {
                            try packed.remove(deleted)
                        }
                    }
                })
        }
    }

    private func lock(_ name: RefName, in transaction: OpaquePointer) throws {
        let status = git_transaction_lock_ref(transaction, "\(name)")
        if status == GIT_ENOTFOUND.rawValue { throw Self.folderGone(name) }
        try check(status, "cannot lock ref '\(name)'")
    }

    private func commit(
        _ changes: [RefChange], in transaction: OpaquePointer, _ message: String?,
        afterChecks: () throws -> Void = {}
    ) throws {
        for change in changes { try prepare(change, in: transaction, message) }
        try afterChecks()
        try check(git_transaction_commit(transaction), "cannot update refs")
    }

    private func prepare(
        _ change: RefChange, in transaction: OpaquePointer, _ message: String?
    ) throws {
        let now = try resolve(change.name)
        guard change.expecting.allows(now) else { throw Self.moved(change.name) }
        guard let target = change.target else {
            if now == nil { return }
            try check(
                git_transaction_remove(transaction, "\(change.name)"),
                "cannot delete ref '\(change.name)'")
            return
        }
        guard try exists(target) else {
            throw GitError(
                .notFound, "cannot update ref '\(change.name)': object '\(target)' not found")
        }
        if now == nil { try checkRoom(for: change.name) }
        var id = target.raw
        try check(
            git_transaction_set_target(transaction, "\(change.name)", &id, nil, message),
            "cannot update ref '\(change.name)'")
    }

    /// Refuses a name that clashes with another, as `a` and `a/b` do: a
    /// transaction of libgit2 does not detect a clash with packed-refs.
    func checkRoom(for name: RefName) throws {
        var clash = try references(under: "\(name)/").first?.name
        let components = "\(name)".split(separator: "/")
        for length in 2..<max(2, components.count) where clash == nil {
            let parent = RefName(unchecked: components.prefix(length).joined(separator: "/"))
            if try resolve(parent) != nil { clash = parent }
        }
        if let clash {
            throw GitError(
                .conflict, "cannot update ref '\(name)': '\(clash)' exists")
        }
    }
}
