internal import Glibc
public import SystemPackage

/// Access to files in a directory that an untrusted user can write: no symbolic
/// link is followed below it, and only regular files are accepted. Such a user
/// could otherwise place a link, a FIFO without a writer or an endless file
/// there, and make this process read another file, block, or run out of memory.
public enum ConfinedFile {
    /// Returns all bytes of the file; nil when there is none.
    ///
    /// - Parameters:
    ///   - path: relative, without `..`.
    ///   - directory: the directory that `path` is relative to; links in its
    ///     own path are followed.
    ///   - limit: the maximum size in bytes.
    /// - Throws: ``FileError``.
    public static func read(
        _ path: FilePath, beneath directory: FilePath, limit: Int
    ) throws -> [UInt8]? {
        try open(path, beneath: directory) { file, size in
            guard size <= limit else { throw Errno.fileTooLarge }
            return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size {
                    let rest = UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let read = try file.read(into: rest)
                    if read == 0 { break }
                    count += read
                }
            }
        }
    }

    /// Returns the size of the file in bytes; nil when there is none.
    ///
    /// - Throws: ``FileError`` for everything that ``read(_:beneath:limit:)``
    ///   refuses except the size.
    public static func size(of path: FilePath, beneath directory: FilePath) throws -> Int? {
        try open(path, beneath: directory) { _, size in size }
    }

    /// Returns the identity of the file, which changes when the file does; nil
    /// when there is none.
    ///
    /// - Throws: as ``size(of:beneath:)``.
    public static func identity(
        of path: FilePath, beneath directory: FilePath
    ) throws -> FileIdentity? {
        try openStatus(path, beneath: directory) { _, status in FileIdentity(status) }
    }

    private static func open<Result>(
        _ path: FilePath, beneath directory: FilePath,
        _ body: (_ file: FileDescriptor, _ size: Int) throws -> Result
    ) throws -> Result? {
        try openStatus(path, beneath: directory) { try body($0, Int($1.st_size)) }
    }

    private static func openStatus<Result>(
        _ path: FilePath, beneath directory: FilePath,
        _ body: (_ file: FileDescriptor, _ status: stat) throws -> Result
    ) throws -> Result? {
        do {
            guard path.isRelative, let name = path.lastComponent,
                path.components.allSatisfy({ $0.kind == .regular })
            else { throw Errno.invalidArgument }
            var current = try FileDescriptor.open(
                directory, .readOnly, options: [.directory, .closeOnExec])
            defer { try? current.close() }
            for component in path.components.dropLast() {
                let next = try Self.open(component, in: current, O_DIRECTORY)
                try? current.close()
                current = next
            }
            // Opening a FIFO without O_NONBLOCK would wait for a writer.
            let file = try Self.open(name, in: current, O_NONBLOCK)
            defer { try? file.close() }
            var status = stat()
            guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: Glibc.errno) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.invalidArgument }
            return try body(file, status)
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let error as Errno {
            throw FileError("read", directory.pushing(path), error)
        }
    }

    private static func open(
        _ name: FilePath.Component, in directory: FileDescriptor, _ flags: Int32
    ) throws -> FileDescriptor {
        let descriptor = name.withPlatformString {
            openat(directory.rawValue, $0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags)
        }
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        return FileDescriptor(rawValue: descriptor)
    }
}
