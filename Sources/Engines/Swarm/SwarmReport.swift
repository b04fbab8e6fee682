internal import Exec
internal import SystemPackage

/// The output of a job in its directory, read while it grows: the swarm's own
/// logs hang when a node is unreachable.
struct SwarmReport: ~Copyable {
    private let path: FilePath
    private var file: FileDescriptor?
    private var splitter = LineSplitter()
    private(set) var content: ContainerReport

    init(at path: FilePath, of steps: [Step], mark: String) {
        self.path = path
        content = ContainerReport(of: steps, mark: mark)
    }

    deinit { try? file?.close() }

    /// Reads the output that is available.
    ///
    /// - Parameter onEvent: called for each event.
    /// - Throws: `Errno`.
    mutating func read(_ onEvent: (JobEvent) -> Void) throws {
        if file == nil {
            do {
                file = try FileDescriptor.open(
                    path, .readOnly, options: [.closeOnExec, .noFollow])
            } catch Errno.noSuchFileOrDirectory {
                return
            }
        }
        guard let file else { return }
        var content = content
        defer { self.content = content }
        try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
            while case let count = try file.read(into: buffer), count > 0 {
                splitter.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count])) {
                    content.take($0, onEvent)
                }
            }
        }
    }

    /// Ends the current step, which was killed because memory ran out.
    mutating func killCurrentStep(_ onEvent: (JobEvent) -> Void) {
        content.killCurrentStep(onEvent)
    }
}
