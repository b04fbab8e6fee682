internal import Glibc
public import SystemPackage

/// The type and properties of the file at a path.
public struct FileStatus: Sendable, Hashable {
    /// The file types that are distinguished here.
    public enum Kind: Sendable, Hashable {
        /// A regular file.
        case file
        /// A directory.
        case directory
        /// A symbolic link.
        case link
        /// A device, socket or FIFO.
        case other
    }

    /// The file type.
    public let kind: Kind
    /// The size in bytes.
    public let size: Int
    /// Whether its owner may execute it.
    public let isExecutable: Bool
    /// The time of the last change of its content, in seconds since the epoch.
    public let modified: Int
    /// The identity, which changes when the file does.
    public let identity: FileIdentity
    /// The device number of its file system.
    public var device: UInt64 { identity.device }

    /// Returns the target of a symbolic link.
    ///
    /// - Throws: ``FileError``.
    public static func target(ofLink path: FilePath) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = buffer.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return -1 }
            return path.withPlatformString { readlink($0, start, bytes.count) }
        }
        guard length >= 0 else { throw FileError("read", path, Errno(rawValue: errno)) }
        return Array(buffer[..<length])
    }

    /// Returns the status of the file at a path (lstat(2), or stat(2) when
    /// following links).
    ///
    /// - Returns: nil when there is no file.
    /// - Throws: ``FileError``.
    public static func of(_ path: FilePath, followingLinks: Bool = false) throws -> FileStatus? {
        var status = stat()
        let result =
            path.withPlatformString {
                followingLinks ? stat($0, &status) : lstat($0, &status)
            }
        guard result == 0 else {
            let reason = Errno(rawValue: errno)
            if reason == .noSuchFileOrDirectory || reason == .notDirectory { return nil }
            throw FileError("look at", path, reason)
        }
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        return FileStatus(
            kind: kind, size: Int(status.st_size), isExecutable: status.st_mode & S_IXUSR != 0,
            modified: status.st_mtim.tv_sec, identity: FileIdentity(status))
    }
}
