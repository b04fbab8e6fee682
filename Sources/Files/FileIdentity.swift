internal import Glibc

/// The identity of a regular file: its file system and inode, its size, and the
/// times of its last changes. It shows whether the file has changed.
///
/// Only the kernel sets the time of the last change of the inode (ctime): a
/// file with the same identity has the same content, unless it was changed
/// within the resolution of the clock; see ``isSettled(at:)``.
public struct FileIdentity: Sendable, Hashable {
    /// The device number of its file system.
    public let device: UInt64
    /// Its inode number.
    public let inode: UInt64
    /// The size in bytes.
    public let size: Int
    /// The time of the last change of its content, in nanoseconds since the
    /// epoch.
    public let modified: Int64
    /// The time of the last change of its inode, in nanoseconds since the
    /// epoch.
    public let changed: Int64

    /// Creates an identity from recorded values.
    public init(device: UInt64, inode: UInt64, size: Int, modified: Int64, changed: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }

    init(_ status: stat) {
        func nanoseconds(_ time: timespec) -> Int64 {
            Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        }
        self.init(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int(status.st_size),
            modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim))
    }

    /// Returns whether any change after the time `seconds` changes the
    /// identity. Some file systems store whole seconds only, so that a file
    /// which has just been changed can change again without a difference.
    public func isSettled(at seconds: Int64) -> Bool {
        let moment = seconds * 1_000_000_000
        return max(modified, changed) < moment - Self.resolution
    }

    /// The coarsest resolution of a file system's times, that of FAT, in
    /// nanoseconds.
    private static let resolution: Int64 = 2_000_000_000
}
