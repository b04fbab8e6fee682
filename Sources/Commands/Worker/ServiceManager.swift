#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The service manager that started this process and expects its state
/// (sd_notify(3)) as datagrams to a socket. Without a socket, nothing is sent.
struct ServiceManager: Sendable {
    private let socketPath: [UInt8]?

    init(environment: [String: String]) {
        socketPath = environment["NOTIFY_SOCKET"].map { Array($0.utf8) }.flatMap { path in
            // A path in the file system, or a name in the abstract namespace
            // (unix(7)).
            path.first == UInt8(ascii: "/") || path.first == UInt8(ascii: "@") ? path : nil
        }
    }

    /// Sends `VARIABLE=value` lines; it is no error if nothing receives them.
    func tell(_ state: String) {
        guard var path = socketPath else { return }
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.count < room else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let length = socklen_t(offset + path.count)
        let bytes = Array(state.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
    }
}
