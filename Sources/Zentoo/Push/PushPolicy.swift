public import Git

/// What a server's repository takes of a push. Nothing is written.
public struct PushPolicy {
    private let repository: Repository
    private let builders: Set<String>

    /// The policy of a repository, which is seen as it would be afterwards:
    /// opened with the environment of a hook.
    ///
    /// - Throws: `GitError` for a value that is not what its key wants.
    public init(_ configuration: Configuration, repository: Repository) throws {
        self.repository = repository
        builders = Set(configuration.strings("zentoo.allowBuilder"))
    }

    /// Looks at a push.
    ///
    /// - Parameter pusher: who pushes, as `zentoo.allowBuilder` has it.
    /// - Throws: `GitError` for objects that cannot be read.
    public func judge(_ push: Push, by pusher: String?) throws -> PushVerdict {
        let names = PushNames(isBuilder: pusher.map(builders.contains) ?? false)
        return PushVerdict(refusals: push.changes.compactMap(names.refusal))
    }
}
