internal import Glibc

/// Cuts a stream of bytes into lines. Bytes, since a build's log need not be
/// UTF-8.
public struct LineSplitter: Sendable {
    /// A longer line is handed over in pieces, so that a program that never
    /// writes a newline cannot fill our memory.
    public static let longestLine = 1 << 20

    private var pending: [UInt8] = []

    /// Has seen nothing yet.
    public init() {}

    /// Takes the next bytes, and hands over the lines that they end.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer, _ onLine: ([UInt8]) -> Void) {
        var rest = bytes
        while let start = rest.baseAddress,
            let newline = memchr(start, Int32(UInt8(ascii: "\n")), rest.count)
        {
            let length = start.distance(to: UnsafeRawPointer(newline))
            pending.append(contentsOf: rest[..<length])
            flush(onLine)
            rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
        }
        pending.append(contentsOf: rest)
        if pending.count > Self.longestLine { flush(onLine) }
    }

    /// Hands over what no newline ended.
    public mutating func finish(_ onLine: ([UInt8]) -> Void) {
        if !pending.isEmpty { flush(onLine) }
    }

    private mutating func flush(_ onLine: ([UInt8]) -> Void) {
        onLine(pending)
        pending.removeAll(keepingCapacity: true)
    }
}
