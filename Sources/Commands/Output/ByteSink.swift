internal import Engines
internal import SystemPackage

/// A destination of bytes: a descriptor, or memory in a test.
protocol ByteSink: Sendable {
    /// Writes all of `bytes`.
    ///
    /// - Throws: `Errno`.
    func write(_ bytes: [UInt8]) throws
    /// Whether it is a terminal.
    var isTerminal: Bool { get }
    /// The current width of the terminal in columns, which changes when its
    /// window is resized; nil if it is unknown.
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
