#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
public import SystemPackage

/// A directory for one test, removed with its content when the test is over.
public enum TemporaryDirectory {
    /// Runs `body` with a new directory, whose path contains no links.
    ///
    /// - Throws: what `body` throws, and `Errno`.
    @discardableResult
    public static func with<Result>(
        _ body: (_ directory: FilePath) async throws -> Result
    ) async throws -> Result {
        let directory = try make()
        defer { remove(directory) }
        return try await body(directory)
    }

    /// The same for synchronous tests.
    @discardableResult
    public static func with<Result>(
        _ body: (_ directory: FilePath) throws -> Result
    ) throws -> Result {
        let directory = try make()
        defer { remove(directory) }
        return try body(directory)
    }

    private static func make() throws -> FilePath {
        var template = Array("/tmp/zentoo-test-XXXXXX".utf8CString)
        return try template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress, let path = mkdtemp(start),
                let real = realpath(path, nil)
            else { throw Errno(rawValue: errno) }
            defer { free(real) }
            return FilePath(platformString: real)
        }
    }

    private static func remove(_ path: FilePath) {
        path.withPlatformString { name in
            if unlink(name) == 0 { return }
            // A test may have removed the permission to read a directory.
            _ = chmod(name, 0o700)
            for child in children(name) { remove(path.appending(child)) }
            _ = rmdir(name)
        }
    }

    private static func children(
        _ directory: UnsafePointer<CChar>
    ) -> [FilePath.Component] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) {
                    FilePath.Component(platformString: $0)
                }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
        return names
    }
}
