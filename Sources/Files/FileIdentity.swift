internal import Glibc

/// What tells whether a regular file is still the file it was: its place, its
/// size, and the times of its last changes.
///
/// The time of the last change of the inode (ctime) is the kernel's alone to
/// set: a file whose identity is the same has the same content, unless it was
/// changed within the resolution of the clock; see ``isSettled(at:)``.
public struct FileIdentity: Sendable, Hashable {
    /// The file system it lies on.
    public let device: UInt64
    /// Its number there.
    public let inode: UInt64
    /// In bytes.
    public let size: Int
    /// Nanoseconds since the epoch of the last change of its content.
    public let modified: Int64
    /// Nanoseconds since the epoch of the last change of the inode.
    public let changed: Int64

    /// An identity that was written down.
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

    /// Whether a change after the moment `seconds` would show: some file
    /// systems keep whole seconds only, so a file that was changed just before
    /// may be changed again and look the same.
    public func isSettled(at seconds: Int64) -> Bool {
        let moment = seconds * 1_000_000_000
        return max(modified, changed) < moment - Self.resolution
    }

    /// The coarsest clock of a file system, FAT's, in nanoseconds.
    private static let resolution: Int64 = 2_000_000_000
}
