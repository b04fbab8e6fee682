internal import Git
internal import Records
internal import SystemPackage

extension AbandonedLocks {
    /// Removes the locks that a dead worker or hook may have left in the queue;
    /// waits for recent ones, as for those of a build.
    func removeOfQueue() async throws {
        for path in try ofQueue() { try await remove(path) }
    }

    /// Removes the locks of the queue that are already old.
    func removeOldOfQueue() throws {
        for path in try ofQueue() { try removeIfOld(path) }
    }

    private func ofQueue() throws -> [FilePath] {
        let queue = repository.commonDirectory.pushing(FilePath(BuildQueue.prefix))
        return try locks(below: queue)
            + [repository.commonDirectory.appending("packed-refs.lock")]
    }
}
