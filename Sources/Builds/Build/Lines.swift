internal import Synchronization

/// The lines a short job said, collected from whatever thread they come on.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ bytes: [UInt8]) {
        lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
    }

    func append(_ text: String) { lines.withLock { $0.append(text) } }

    /// What there is, and no more of it the next time.
    func take() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    var all: [String] { lines.withLock { $0 } }
}
