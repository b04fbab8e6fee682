internal import Dispatch
internal import Synchronization

extension Repository {
    /// Returns what `body` makes of each element, in their order, on two
    /// threads if there are many: reading ten thousand objects is mostly
    /// unpacking, one after the other.
    ///
    /// Each thread opens the repository again and passes it to `body`, which
    /// must use no other; one with objects elsewhere, as in a quarantine, is
    /// not opened again. The last element is read first, since git stores an
    /// object as its difference from one before it in its tree, and libgit2
    /// keeps what it unpacked on the way.
    ///
    /// - Throws: ``GitError``, and what `body` throws.
    public func concurrentMap<Element: Sendable, Value: Sendable>(
        _ elements: [Element], _ body: @Sendable (Element, Repository) throws -> Value
    ) throws -> [Value] {
        guard elements.count > Self.few, !hasOtherObjects else {
            return try elements.map { try body($0, self) }
        }
        let place = gitDirectory
        let middle = elements.count / 2
        let halves = Mutex<[Int: Result<[Value], any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            let values = Result {
                let repository = try Repository.open(place, trustsOwner: true)
                let part = half == 0 ? elements[..<middle] : elements[middle...]
                return Array(try part.reversed().map { try body($0, repository) }.reversed())
            }
            halves.withLock { $0[half] = values }
        }
        return try halves.withLock { try ($0[0]?.get() ?? []) + ($0[1]?.get() ?? []) }
    }

    /// The number of elements for which opening the repository again does not
    /// pay.
    private static let few = 32
}
