/// Cuts a stream of bytes into lines. Bytes, since a build's log need not be
/// UTF-8.
struct LineSplitter {
    /// A longer line is handed over in pieces, so that a program that never
    /// writes a newline cannot fill our memory.
    static let longestLine = 1 << 20

    private var pending: [UInt8] = []

    mutating func feed(_ bytes: UnsafeRawBufferPointer, _ onLine: ([UInt8]) -> Void) {
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            pending.append(contentsOf: rest[rest.startIndex..<newline])
            flush(onLine)
            rest = rest[(newline + 1)...]
        }
        pending.append(contentsOf: rest)
        if pending.count > Self.longestLine { flush(onLine) }
    }

    mutating func finish(_ onLine: ([UInt8]) -> Void) {
        if !pending.isEmpty { flush(onLine) }
    }

    private mutating func flush(_ onLine: ([UInt8]) -> Void) {
        onLine(pending)
        pending.removeAll(keepingCapacity: true)
    }
}
