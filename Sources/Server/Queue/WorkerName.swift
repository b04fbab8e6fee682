internal import Glibc

/// What a person finds a worker by.
enum WorkerName {
    /// The machine's own name.
    static let host: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return buffer.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { String(cString: $0) } ?? "localhost"
        }
    }()

    /// The process's number.
    static let process = getpid()
}
