internal import Git
internal import Records
package import Sites

/// The pause of a queue: no new build is started.
package struct QueuePause: Sendable, Hashable, Codable {
    /// The user who paused it.
    package let by: String
    /// The time when it was paused.
    package let since: Timestamp
    /// The reason, if given.
    package let reason: String?

    /// Creates a pause.
    package init(by: String, since: Timestamp = .now, reason: String? = nil) {
        self.by = by
        self.since = since
        self.reason = reason
    }

    /// The stored form: one value a line.
    var text: String {
        let lines = [by, since.precise] + (reason.map { [$0] } ?? [])
        return lines.map { PercentCoding.encoded($0, exceptBlanks: true) + "\n" }.joined()
    }

    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .map { PercentCoding.decoded(String($0)) }
        guard lines.count >= 2, let since = Timestamp(precise: lines[1]) else { return nil }
        self.init(by: lines[0], since: since, reason: lines.count > 2 ? lines[2] : nil)
    }
}

extension BuildQueue {
    /// Returns the pause; nil when the queue is not paused.
    ///
    /// - Throws: ``GitError``.
    package func pause() throws -> QueuePause? {
        try repository.resolve(Self.pausedName()).flatMap { QueuePause(try repository.blob($0)) }
    }

    /// Pauses the queue: no new build is started, running builds continue.
    ///
    /// - Throws: ``GitError``.
    package func pause(_ pause: QueuePause) throws {
        try repository.set(
            Self.pausedName(), to: repository.writeBlob(Array(pause.text.utf8)),
            expecting: .anything, message: "zentoo: pause")
    }

    /// Resumes the queue.
    ///
    /// - Returns: whether it was paused.
    /// - Throws: ``GitError``.
    @discardableResult
    package func resume() throws -> Bool { try repository.delete(Self.pausedName()) }

    private static func pausedName() throws -> RefName { try RefName("\(prefix)paused") }
}
