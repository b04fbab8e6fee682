extension Repository {
    /// Moves a reference that points at a tree, such as an index derived from
    /// other objects, to the tree that `edit` returns.
    ///
    /// `edit` runs again when another process moved the reference meanwhile,
    /// each time with the current tree.
    ///
    /// - Parameters:
    ///   - name: the reference.
    ///   - message: the reflog message, if there is a reflog.
    ///   - durably: whether the new tree is synced to disk before the reference
    ///     points at it: otherwise a power failure can leave the reference
    ///     dangling.
    ///   - edit: receives the current tree, or `nil`; returns the new one, or
    ///     `nil` to leave the reference unchanged.
    /// - Returns: the tree that the reference points at afterwards.
    /// - Throws: ``GitError``, and what `edit` throws.
    @discardableResult
    public func updateTreeReference(
        _ name: RefName, message: String? = nil, durably: Bool = false,
        _ edit: (_ current: ObjectID?) throws -> ObjectID?
    ) throws -> ObjectID? {
        try updateReference(name, message: message, durably: durably) { current in
            try edit(current)
        }
    }

    /// Reads a reference, computes its new value and sets it atomically if it
    /// is unchanged; repeats this until it succeeds.
    func updateReference(
        _ name: RefName, message: String?, durably: Bool,
        _ change: (ObjectID?) throws -> ObjectID?
    ) throws -> ObjectID? {
        try refuseWhereForbidden()
        let result: ObjectID?? = try Contention.retryingRaces(over: "\(name)") {
            let current = try resolve(name)
            guard let new = try change(current), new != current else { return .some(current) }
            if durably { try synchronize() }
            do {
                try set(
                    name, to: new, expecting: current.map { .value($0) } ?? .absent,
                    message: message)
                return .some(new)
            } catch let error as GitError where error.code == .conflict {
                // A clash of names is also a conflict, and a permanent one.
                guard try resolve(name) != current else { throw error }
                return nil
            }
        }
        return result ?? nil
    }
}
