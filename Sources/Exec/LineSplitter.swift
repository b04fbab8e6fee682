internal import Glibc

/// Splits a stream of bytes into lines. The lines are bytes, since a build log
/// need not be UTF-8.
public struct LineSplitter: Sendable {
    /// The length in bytes above which a line is passed on in pieces, so that a
    /// program that never writes a newline does not exhaust memory.
    public static let longestLine = 1 << 20

    private var pending: [UInt8] = []

    /// Creates a splitter at the start of a stream.
    public init() {}

    /// Adds the next bytes, and passes on the lines that they complete.
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

    /// Passes on the last line if it has no newline.
    public mutating func finish(_ onLine: ([UInt8]) -> Void) {
        if !pending.isEmpty { flush(onLine) }
    }

    private mutating func flush(_ onLine: ([UInt8]) -> Void) {
        onLine(pending)
        pending.removeAll(keepingCapacity: true)
    }
}
