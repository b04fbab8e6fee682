internal import Files
internal import Glibc
internal import Sites

/// The right to change a root, and to be in it: one process at a time.
enum RootLock {
    /// Does `body` as the only one.
    ///
    /// - Parameter purpose: what others are told meanwhile.
    /// - Throws: ``ZentooError`` with code `busy` that says who is in it.
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

    /// Takes the lock unless somebody really has it: who only asks has it for a
    /// moment, and so has a process of ours that is just being started.
    private static func lock(_ place: RootPlace) async throws -> FileLock? {
        for _ in 0..<20 {
            if let lock = try FileLock.tryLock(place.lock) { return lock }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    /// Who is in it now; nil when nobody is. Who has the lock and has not said so
    /// only asks, or is a process of ours that is just being started.
    static func holder(of place: RootPlace) throws -> String? {
        guard try FileStatus.of(place.lock) != nil,
            try FileLock.tryLock(place.lock) == nil
        else { return nil }
        let words = String(decoding: try FileContent.read(place.holder) ?? [], as: UTF8.self)
        return words.isEmpty ? nil : words
    }
}
