internal import Files
internal import Glibc
internal import Sites

/// The lock of a root: one process at a time may change or enter it.
enum RootLock {
    /// Runs `body` while holding the lock.
    ///
    /// - Parameter purpose: the reason that other processes are told.
    /// - Throws: ``ZentooError`` with code `busy` that names the holder.
    static func holding<Result>(
        _ place: RootPlace, _ purpose: String, body: () async throws -> Result
    ) async throws -> Result {
        try Directory.create(place.state.locks)
        guard let lock = try await lock(place) else {
            let holder = try FileContent.read(place.holder) ?? []
            let words = String(decoding: holder, as: UTF8.self)
            throw ZentooError(
                .busy, "root '\(place.name)' is in use" + (words.isEmpty ? "" : ": \(words)"),
                hints: ["one session at a time: leave that one, or make another root"])
        }
        try FileContent.write(
            Array("\(purpose) (process \(getpid()))".utf8), to: place.holder)
        defer { try? FileContent.remove(place.holder) }
        let result = try await body()
        _ = consume lock
        return result
    }

    /// Takes the lock unless it is really held: a process that only checks it
    /// holds it briefly, and so does a child process of ours that is being
    /// started.
    private static func lock(_ place: RootPlace) async throws -> FileLock? {
        for _ in 0..<20 {
            if let lock = try FileLock.tryLock(place.lock) { return lock }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    /// Returns the holder of the lock; nil when there is none. A process that
    /// holds it without a holder file only checks it, or is a child process of
    /// ours that is being started.
    static func holder(of place: RootPlace) throws -> String? {
        guard try FileStatus.of(place.lock) != nil,
            try FileLock.tryLock(place.lock) == nil
        else { return nil }
        let words = String(decoding: try FileContent.read(place.holder) ?? [], as: UTF8.self)
        return words.isEmpty ? nil : words
    }
}
