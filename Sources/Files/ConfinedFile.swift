internal import Glibc
public import SystemPackage

/// Files in a directory that somebody may write who is not to be trusted with
/// ours: no link is followed on the way, and only regular files count. A link,
/// a FIFO that nobody writes, a file without end are what one would put there
/// to have us read something else, or wait, or run out of memory.
public enum ConfinedFile {
    /// All bytes of the file; nil when there is none.
    ///
    /// - Parameters:
    ///   - path: relative, without `..`.
    ///   - directory: where it begins; links above it are followed.
    ///   - limit: the most bytes it may have.
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

    /// The size of the file in bytes; nil when there is none.
    ///
    /// - Throws: ``FileError``, for anything that ``read(_:beneath:limit:)``
    ///   would refuse but its size.
    public static func size(of path: FilePath, beneath directory: FilePath) throws -> Int? {
        try open(path, beneath: directory) { _, size in size }
    }

    /// What tells whether the file is still what it was; nil when there is none.
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
            // Not waiting: a FIFO would have us wait for its writer.
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
