internal import Synchronization

/// The output lines of a short job, collected from any thread.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ bytes: [UInt8]) {
        lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
    }

    func append(_ text: String) { lines.withLock { $0.append(text) } }

    /// Returns the lines and removes them.
    func take() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    var all: [String] { lines.withLock { $0 } }
}
