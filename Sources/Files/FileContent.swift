internal import Glibc
public import SystemPackage

/// Whole files: read, and written so that nobody sees half of one.
public enum FileContent {
    /// All bytes of a file; nil when there is none.
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

    /// Whether a file was to replace another one, by its name: written by
    /// ``write(_:to:permissions:ignoresMask:)``, or left by one that was killed.
    public static func isTemporary(_ name: String) -> Bool {
        guard name.hasPrefix("."), let dot = name.lastIndex(of: "."), dot > name.startIndex
        else { return false }
        let digits = name[name.index(after: dot)...]
        return digits.utf8.count >= 10
            && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Puts `bytes` at `path`: written beside, synced to disk, renamed.
    ///
    /// - Parameter ignoresMask: whether the file gets all the permissions that
    ///   are named, also those that the umask of this process takes away.
    /// - Throws: ``FileError``.
    public static func write(
        _ bytes: [UInt8], to path: FilePath,
        permissions: FilePermissions = [
            .ownerReadWrite, .groupRead, .otherRead,
        ],
        ignoresMask: Bool = false
    ) throws {
        let name = path.lastComponent?.string ?? ""
        // Unlike the process's id, not the same for two tasks of one process.
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

    /// All marks have as many digits that no version or process id is one.
    private static let leastMark: UInt64 = 1_000_000_000

    /// Gives a file a second name (link(2)).
    ///
    /// - Returns: false where it cannot have one: on another file system, or
    ///   one that knows none or no more of them.
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

    /// Removes a file; nothing happens when there is none.
    ///
    /// - Throws: ``FileError``.
    public static func remove(_ path: FilePath) throws {
        guard path.withPlatformString({ unlink($0) }) == 0 || errno == ENOENT else {
            throw FileError("remove", path, Errno(rawValue: errno))
        }
    }
}
