/// What a reference must be before it is changed.
public enum RefExpectation: Sendable, Hashable {
    /// Whatever it is.
    case anything
    /// There is none.
    case absent
    /// It points at this object.
    case value(ObjectID)

    /// Whether it is fulfilled by what a reference points at; nil where there is
    /// none.
    func allows(_ now: ObjectID?) -> Bool {
        switch self {
        case .anything: true
        case .absent: now == nil
        case .value(let id): now == id
        }
    }
}

/// One reference of a transaction.
public struct RefChange: Sendable, Hashable {
    /// Which reference.
    public let name: RefName
    /// What it points at afterwards; `nil` deletes it.
    public let target: ObjectID?
    /// What it must be before.
    public let expecting: RefExpectation

    /// Points `name` at `target`, or deletes it when `nil`, if it is what is expected.
    public init(_ name: RefName, to target: ObjectID?, expecting: RefExpectation) {
        self.name = name
        self.target = target
        self.expecting = expecting
    }
}

/// What `HEAD` says.
public enum Head: Sendable, Hashable {
    /// A branch, which need not have a commit yet.
    case branch(RefName)
    /// A commit.
    case detached(ObjectID)
}
