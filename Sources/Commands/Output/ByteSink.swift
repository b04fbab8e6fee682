internal import Engines
internal import SystemPackage

/// Where bytes go: a descriptor, or memory in a test.
protocol ByteSink: Sendable {
    /// Writes all of `bytes`.
    ///
    /// - Throws: `Errno`.
    func write(_ bytes: [UInt8]) throws
    /// Whether a person looks at it.
    var isTerminal: Bool { get }
    /// Columns of the terminal now; windows are resized.
    var columns: Int? { get }
}

/// An open file, pipe or terminal of this process.
struct DescriptorSink: ByteSink {
    let descriptor: FileDescriptor

    func write(_ bytes: [UInt8]) throws {
        try descriptor.writeAll(bytes)
    }

    var isTerminal: Bool { Platform.isTerminal(descriptor) }

    var columns: Int? { TerminalWindow.columns(of: descriptor) }
}
