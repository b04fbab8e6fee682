internal import Glibc
public import SystemPackage

/// Functions that read and write whole files; a reader never sees a partly
/// written file.
public enum FileContent {
    /// Returns all bytes of a file; nil when there is none.
    ///
    /// - Throws: ``FileError``.
    public static func read(_ path: FilePath) throws -> [UInt8]? {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            defer { try? descriptor.close() }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                if count == 0 { return bytes }
                bytes.append(contentsOf: buffer[..<count])
            }
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let error as Errno {
            throw FileError("read", path, error)
        }
    }

    /// Returns whether a name is that of a temporary file of
    /// ``write(_:to:permissions:ignoresMask:)``, which a killed process may
    /// have left behind.
    public static func isTemporary(_ name: String) -> Bool {
        guard name.hasPrefix("."), let dot = name.lastIndex(of: "."), dot > name.startIndex
        else { return false }
        let digits = name[name.index(after: dot)...]
        return digits.utf8.count >= 10
            && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Writes `bytes` to a temporary file beside `path`, syncs it to disk and
    /// renames it to `path`.
    ///
    /// - Parameter ignoresMask: whether the file gets all of `permissions`,
    ///   including those that the umask of this process removes.
    /// - Throws: ``FileError``.
    public static func write(
        _ bytes: [UInt8], to path: FilePath,
        permissions: FilePermissions = [
            .ownerReadWrite, .groupRead, .otherRead,
        ],
        ignoresMask: Bool = false
    ) throws {
        let name = path.lastComponent?.string ?? ""
        // A process id would be the same for two tasks of one process.
        let beside = path.removingLastComponent().appending(
            ".\(name).\(UInt64.random(in: leastMark ... .max))")
        do {
            let descriptor = try FileDescriptor.open(
                beside, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
                permissions: permissions)
            do {
                try descriptor.closeAfter {
                    try descriptor.writeAll(bytes)
                    if ignoresMask, fchmod(descriptor.rawValue, permissions.rawValue) != 0 {
                        throw Errno(rawValue: Glibc.errno)
                    }
                    guard fsync(descriptor.rawValue) == 0 else {
                        throw Errno(rawValue: Glibc.errno)
                    }
                }
            } catch {
                unlink(beside.string)
                throw error
            }
        } catch let error as Errno {
            throw FileError("write", path, error)
        }
        try Directory.move(beside, to: path)
    }

    /// Marks have at least 10 digits, so that no version or process id is taken
    /// for one.
    private static let leastMark: UInt64 = 1_000_000_000

    /// Creates a hard link to a file (link(2)).
    ///
    /// - Returns: false if that is impossible: on another file system, or if
    ///   the file system has no hard links or the file has too many.
    /// - Throws: ``FileError``.
    public static func link(_ path: FilePath, as other: FilePath) throws -> Bool {
        if path.withPlatformString({ old in other.withPlatformString { Glibc.link(old, $0) } }) == 0
        {
            return true
        }
        switch errno {
        case EXDEV, EPERM, EMLINK, EOPNOTSUPP: return false
        case let reason: throw FileError("link", path, Errno(rawValue: reason))
        }
    }

    /// Removes a file; does nothing when there is none.
    ///
    /// - Throws: ``FileError``.
    public static func remove(_ path: FilePath) throws {
        guard path.withPlatformString({ unlink($0) }) == 0 || errno == ENOENT else {
            throw FileError("remove", path, Errno(rawValue: errno))
        }
    }
}
