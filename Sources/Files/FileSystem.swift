internal import Glibc
public import SystemPackage

/// The file system that contains a path.
public struct FileSystem: Sendable, Hashable {
    /// The type as the kernel names it, such as `ext4` or `nfs4`; nil if the
    /// mount is not found.
    public let type: String?
    /// The free space for unprivileged users, in bytes.
    public let available: Int64
    /// The total size in bytes.
    public let size: Int64
    /// Whether it is mounted read-only.
    public let isReadOnly: Bool
    /// Whether another file can be created: some file systems have a fixed
    /// number of inodes.
    public let takesFiles: Bool
    /// The mount point; nil if the mount is not found.
    public let mountPoint: FilePath?
    /// The device number, which distinguishes it from other file systems; nil
    /// if the path was removed meanwhile.
    public let device: UInt64?

    /// Returns the file system of `path`, or of the nearest directory above it
    /// that exists (statvfs(3), proc_pid_mountinfo(5)).
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
        let mount = try mount(of: path)
        return FileSystem(
            type: mount?.type, available: Int64(status.f_bavail) * block,
            size: Int64(status.f_blocks) * block,
            isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0,
            // File systems without a fixed number of inodes report a total of
            // 0.
            takesFiles: status.f_files == 0 || status.f_favail > 0,
            mountPoint: mount?.point,
            device: try FileStatus.of(path, followingLinks: true)?.device)
    }

    private static func mount(
        of path: FilePath
    ) throws -> (type: String, point: FilePath)? {
        guard let device = try FileStatus.of(path, followingLinks: true)?.device,
            let bytes = try FileContent.read("/proc/self/mountinfo")
        else { return nil }
        let number = "\(major(device)):\(minor(device))"
        let real = realpath(path.string, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        var found: (type: String, point: FilePath)?
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            // "36 35 98:0 /root /mount options shared:1 - ext4 /dev/sda1 rw": a
            // hyphen ends the optional fields.
            let words = line.split(separator: " ")
            guard words.count > 4, words[2] == number,
                let hyphen = words.firstIndex(of: "-"), hyphen + 1 < words.count
            else { continue }
            let point = unescaped(words[4])
            // A file system may be mounted in several places; the deepest mount
            // point above the path is used.
            guard
                found == nil
                    || isWithin(real ?? path.string, point)
                        && point.utf8.count >= found?.point.string.utf8.count ?? 0
            else { continue }
            found = (String(words[hyphen + 1]), FilePath(point))
        }
        return found
    }

    private static func isWithin(_ path: String, _ point: String) -> Bool {
        point == "/" || path == point || path.hasPrefix(point + "/")
    }

    /// Decodes a field of the table, in which blanks and backslashes are
    /// written as `\` and three octal digits.
    private static func unescaped(_ field: Substring) -> String {
        var parts = field.split(separator: "\\", omittingEmptySubsequences: false)
        let first = parts.removeFirst()
        return parts.reduce(String(first)) { text, part in
            guard let code = UInt8(part.prefix(3), radix: 8) else { return text + "\\" + part }
            return text + String(UnicodeScalar(code)) + part.dropFirst(3)
        }
    }

    // Swift does not import major(3) and minor(3), which are macros.
    private static func major(_ device: UInt64) -> UInt64 {
        (device >> 8) & 0xfff | (device >> 32) & ~0xfff
    }

    private static func minor(_ device: UInt64) -> UInt64 {
        device & 0xff | (device >> 12) & ~0xff
    }
}
