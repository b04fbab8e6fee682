internal import Glibc

/// The name by which users identify a worker.
enum WorkerName {
    /// The host name.
    static let host: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return buffer.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { String(cString: $0) } ?? "localhost"
        }
    }()

    /// The process id.
    static let process = getpid()
}
