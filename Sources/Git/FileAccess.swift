#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

/// Opens files one path component at a time from an open directory, so that no
/// symbolic link is ever followed, even if directories change meanwhile.
enum FileAccess {
    /// Opens a file for reading without following a symbolic link in its last
    /// component.
    static func open(_ path: FilePath, in directory: FileDescriptor?) throws -> FileDescriptor {
        let descriptor = path.withPlatformString {
            // With O_NONBLOCK opening a fifo does not wait for a writer.
            openat(
                directory?.rawValue ?? AT_FDCWD, $0,
                O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        }
        guard descriptor >= 0 else { throw failure("open", path.description) }
        return FileDescriptor(rawValue: descriptor)
    }

    /// Opens a directory without following a symbolic link in its last
    /// component.
    static func openDirectory(
        _ name: UnsafePointer<CChar>, in directory: FileDescriptor?, _ display: String
    ) throws -> FileDescriptor {
        let descriptor = openat(
            directory?.rawValue ?? AT_FDCWD, name,
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open directory", display) }
        return FileDescriptor(rawValue: descriptor)
    }

    /// Returns the size of a regular file.
    static func size(of file: FileDescriptor, _ display: String) throws -> Int {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw failure("read", display) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw GitError(.invalid, "'\(display)' is not a regular file")
        }
        return Int(status.st_size)
    }

    /// Returns the status of `name` in a directory without following a symbolic
    /// link.
    static func status(
        of name: UnsafePointer<CChar>, in directory: FileDescriptor, _ display: String
    ) throws -> stat {
        var status = stat()
        guard fstatat(directory.rawValue, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw failure("read", display)
        }
        return status
    }

    /// Reads at most the size of `buffer`; returns 0 at the end of the file.
    static func read(
        _ file: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, _ display: String
    ) throws -> Int {
        do {
            return try file.read(into: buffer)
        } catch let error as Errno {
            throw failure("read", display, error.rawValue)
        }
    }

    /// Reads the rest of a file.
    static func readAll(_ file: FileDescriptor, _ display: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read(file, into: $0, display) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Returns the target of a symbolic link.
    static func target(
        of name: UnsafePointer<CChar>, in directory: FileDescriptor, _ display: String
    ) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = buffer.withUnsafeMutableBytes {
            $0.withMemoryRebound(to: CChar.self) { buffer -> Int in
                guard let start = buffer.baseAddress else { return -1 }
                return readlinkat(directory.rawValue, name, start, buffer.count)
            }
        }
        guard count >= 0 else { throw failure("read link", display) }
        return Array(buffer.prefix(count))
    }

    /// Returns the names in a directory except `.` and `..`, sorted by bytes.
    static func names(in directory: FileDescriptor, _ display: String) throws -> [[UInt8]] {
        // fdopendir(3) takes over its descriptor; the original stays the
        // caller's.
        let copy = fcntl(directory.rawValue, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            throw failure("read directory", display)
        }
        return try names(in: stream, display)
    }

    /// Returns the names in a directory, following symbolic links to it; none
    /// when it does not exist.
    static func names(in path: FilePath) throws -> [[UInt8]] {
        guard let stream = path.withPlatformString({ opendir($0) }) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw failure("open directory", path.string)
        }
        return try names(in: stream, path.string)
    }

    private static func names(in stream: OpaquePointer, _ display: String) throws -> [[UInt8]] {
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw failure("read directory", display) }
                break
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { bytes(of: $0) }
            }
            if name != [dot] && name != [dot, dot] { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Removes a directory tree without following symbolic links.
    static func removeTree(_ name: UnsafePointer<CChar>, in directory: FileDescriptor?) throws {
        let parent = directory?.rawValue ?? AT_FDCWD
        let display = String(cString: name)
        if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
        do {
            let inner = try openDirectory(name, in: directory, display)
            defer { try? inner.close() }
            for child in try names(in: inner, display) {
                try withCString(child) { try removeTree($0, in: inner) }
            }
        }
        guard unlinkat(parent, name, AT_REMOVEDIR) == 0 else { throw failure("remove", display) }
    }

    /// Returns the error of the call that just returned.
    static func failure(_ action: String, _ display: String, _ code: Int32 = errno) -> GitError {
        GitError(
            code == ENOENT
                ? .notFound : [EEXIST, ENOTEMPTY].contains(code) ? .conflict : .system(code),
            "cannot \(action) '\(display)': \(String(cString: strerror(code)))")
    }

    private static let dot = UInt8(ascii: ".")
}
