internal import Git
internal import Records
package import Sites

/// The note on a queue's door: nothing new is begun.
package struct QueuePause: Sendable, Hashable, Codable {
    /// Who paused it.
    package let by: String
    /// When.
    package let since: Timestamp
    /// Why, if they said so.
    package let reason: String?

    /// A pause that begins.
    package init(by: String, since: Timestamp = .now, reason: String? = nil) {
        self.by = by
        self.since = since
        self.reason = reason
    }

    /// As it is stored: a line each.
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
    /// Who keeps it from beginning anything; nil when nobody does.
    ///
    /// - Throws: ``GitError``.
    package func pause() throws -> QueuePause? {
        try repository.resolve(Self.pausedName()).flatMap { QueuePause(try repository.blob($0)) }
    }

    /// Has nothing new begun; what runs goes on.
    ///
    /// - Throws: ``GitError``.
    package func pause(_ pause: QueuePause) throws {
        try repository.set(
            Self.pausedName(), to: repository.writeBlob(Array(pause.text.utf8)),
            expecting: .anything, message: "zentoo: pause")
    }

    /// Lets it go on.
    ///
    /// - Returns: whether it was paused.
    /// - Throws: ``GitError``.
    @discardableResult
    package func resume() throws -> Bool { try repository.delete(Self.pausedName()) }

    private static func pausedName() throws -> RefName { try RefName("\(prefix)paused") }
}
