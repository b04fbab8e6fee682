extension Repository {
    /// Moves a reference that points at a tree, such as an index derived from
    /// other objects, to what `edit` makes of it.
    ///
    /// `edit` runs again when another process moved the reference meanwhile,
    /// each time with what is there then.
    ///
    /// - Parameters:
    ///   - durably: whether what the reference will point at is on disk before
    ///     it does: else a loss of power can leave it pointing at nothing.
    ///   - edit: takes the tree there is, or `nil`; returns the new one, or
    ///     `nil` to leave the reference alone.
    /// - Returns: the tree the reference points at afterwards.
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

    /// Moves a reference by a look, a change and an atomic step that is refused
    /// when the look was too old, until it is not.
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
                // A clash of names is a conflict too, and would be one for ever.
                guard try resolve(name) != current else { throw error }
                return nil
            }
        }
        return result ?? nil
    }
}
