internal import Glibc
public import SystemPackage

/// Functions that create, list and move directories.
public enum Directory {
    /// Creates `path` and the missing directories above it.
    ///
    /// - Throws: ``FileError``.
    public static func create(_ path: FilePath, mode: UInt32 = 0o755) throws {
        if path.withPlatformString({ mkdir($0, mode) }) == 0 { return }
        switch Errno(rawValue: errno) {
        case .fileExists:
            guard try FileStatus.of(path, followingLinks: true)?.kind == .directory else {
                throw FileError("make directory", path, .notDirectory)
            }
        case .noSuchFileOrDirectory where !path.components.isEmpty:
            try create(path.removingLastComponent(), mode: mode)
            guard path.withPlatformString({ mkdir($0, mode) }) == 0 || errno == EEXIST else {
                throw FileError("make directory", path, Errno(rawValue: errno))
            }
        case let reason:
            throw FileError("make directory", path, reason)
        }
    }

    /// Returns the names in a directory except `.` and `..`, sorted by bytes;
    /// none when there is no such directory.
    ///
    /// - Throws: ``FileError``.
    public static func names(in path: FilePath) throws -> [FilePath.Component] {
        guard let stream = path.withPlatformString({ opendir($0) }) else {
            let reason = Errno(rawValue: errno)
            if reason == .noSuchFileOrDirectory { return [] }
            throw FileError("open directory", path, reason)
        }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while let entry = readdir(stream) {
            let component = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    FilePath.Component(platformString: $0)
                }
            }
            guard let component, component.kind == .regular else { continue }
            names.append(component)
        }
        return names.sorted { $0.string.utf8.lexicographicallyPrecedes($1.string.utf8) }
    }

    /// Moves a file or directory within a file system, atomically. A file or an
    /// empty directory at `to` is replaced (rename(2)).
    ///
    /// - Throws: ``FileError``.
    public static func move(_ from: FilePath, to: FilePath) throws {
        guard from.withPlatformString({ old in to.withPlatformString { rename(old, $0) } }) == 0
        else {
            throw FileError("rename", from, Errno(rawValue: errno))
        }
    }

    /// Denies access to a directory to all users except its owner.
    ///
    /// - Throws: ``FileError``.
    public static func close(_ path: FilePath) throws {
        guard path.withPlatformString({ chmod($0, 0o700) }) == 0 else {
            throw FileError("change mode of", path, Errno(rawValue: errno))
        }
    }

    /// Waits until the files renamed or created in the directory are on disk.
    ///
    /// - Throws: ``FileError``.
    public static func synchronize(_ path: FilePath) throws {
        do {
            let descriptor = try FileDescriptor.open(
                path, .readOnly, options: [.directory, .closeOnExec])
            defer { try? descriptor.close() }
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: Glibc.errno) }
        } catch let error as Errno {
            throw FileError("sync", path, error)
        }
    }

    /// Creates a new directory `<prefix>XXXXXX` for the sole use of the caller.
    ///
    /// - Throws: ``FileError``.
    public static func createTemporary(prefix: FilePath) throws -> FilePath {
        var template = Array("\(prefix.string)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw FileError("make directory", prefix, Errno(rawValue: errno))
        }
        return FilePath(platformString: template)
    }
}
