/// The required value of a reference before it is changed.
public enum RefExpectation: Sendable, Hashable {
    /// Any value, or none.
    case anything
    /// The reference does not exist.
    case absent
    /// It points at this object.
    case value(ObjectID)

    /// Returns whether the current target satisfies the expectation; nil means
    /// that the reference does not exist.
    func allows(_ now: ObjectID?) -> Bool {
        switch self {
        case .anything: true
        case .absent: now == nil
        case .value(let id): now == id
        }
    }
}

/// The change of one reference in a transaction.
public struct RefChange: Sendable, Hashable {
    /// The name of the reference.
    public let name: RefName
    /// The new target; `nil` deletes the reference.
    public let target: ObjectID?
    /// The expected value before the change.
    public let expecting: RefExpectation

    /// Creates a change that points `name` at `target`, or deletes it if
    /// `target` is `nil`, provided it has the expected value.
    public init(_ name: RefName, to target: ObjectID?, expecting: RefExpectation) {
        self.name = name
        self.target = target
        self.expecting = expecting
    }
}

/// The value of `HEAD`.
public enum Head: Sendable, Hashable {
    /// A branch, which need not have a commit yet.
    case branch(RefName)
    /// A commit, without a branch.
    case detached(ObjectID)
}
