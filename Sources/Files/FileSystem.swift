internal import Glibc
public import SystemPackage

/// The file system that a path lies on.
public struct FileSystem: Sendable, Hashable {
    /// What the kernel calls it, `ext4`, `nfs4`, where it is found among the
    /// mounts.
    public let type: String?
    /// Bytes that a plain user may still write.
    public let available: Int64
    /// Bytes in all.
    public let size: Int64
    /// Whether it is mounted read-only.
    public let isReadOnly: Bool

    /// Looks at the file system of `path`, or of the nearest directory above
    /// that is there (statvfs(3), proc_pid_mountinfo(5)).
    ///
    /// - Throws: ``FileError``.
    public static func of(_ path: FilePath) throws -> FileSystem {
        var status = statvfs()
        guard statvfs(path.string, &status) == 0 else {
            let reason = Errno(rawValue: errno)
            if reason == .noSuchFileOrDirectory, !path.components.isEmpty {
                return try of(path.removingLastComponent())
            }
            throw FileError("look at the file system of", path, reason)
        }
        let block = Int64(status.f_frsize)
        return FileSystem(
            type: try type(of: path), available: Int64(status.f_bavail) * block,
            size: Int64(status.f_blocks) * block,
            isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0)
    }

    private static func type(of path: FilePath) throws -> String? {
        guard let device = try FileStatus.of(path, followingLinks: true)?.device,
            let bytes = try FileContent.read("/proc/self/mountinfo")
        else { return nil }
        let number = "\(major(device)):\(minor(device))"
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            // "36 35 98:0 /root /mount options shared:1 - ext4 /dev/sda1 rw": the
            // optional fields end in a hyphen.
            let words = line.split(separator: " ")
            guard words.count > 4, words[2] == number,
                let hyphen = words.firstIndex(of: "-"), hyphen + 1 < words.count
            else { continue }
            return String(words[hyphen + 1])
        }
        return nil
    }

    // makedev(3) is a macro, and so are its inverses.
    private static func major(_ device: UInt64) -> UInt64 {
        (device >> 8) & 0xfff | (device >> 32) & ~0xfff
    }

    private static func minor(_ device: UInt64) -> UInt64 {
        device & 0xff | (device >> 12) & ~0xff
    }
}
