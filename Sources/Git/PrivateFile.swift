#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

/// A temporary file that only this user can read.
enum PrivateFile {
    /// Calls `body` with the path of a file that holds `bytes`, and removes the
    /// file.
    ///
    /// - Throws: ``GitError``, and what `body` throws.
    static func with<Result>(
        _ bytes: [UInt8], _ body: (_ path: String) async throws -> Result
    ) async throws -> Result {
        let (descriptor, path) = try make()
        defer { unlink(path) }
        let file = FileDescriptor(rawValue: descriptor)
        do {
            _ = try file.closeAfter { try file.writeAll(bytes) }
        } catch let error as Errno {
            throw FileAccess.failure("write", path, error.rawValue)
        }
        return try await body(path)
    }

    private static func make() throws -> (descriptor: Int32, path: String) {
        var template = Array("/tmp/zentoo-key-XXXXXX".utf8CString)
        return try template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { throw GitError(.other(-1), "no memory") }
            let descriptor = mkstemp(start)
            guard descriptor >= 0 else { throw FileAccess.failure("make", "temporary file") }
            return (descriptor, String(cString: start))
        }
    }
}
