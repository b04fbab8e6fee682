public import Engines
internal import Glibc
public import SystemPackage

/// The smallest real root: a static busybox and the directories of a root.
public enum EngineContractStage {
    /// A statically linked busybox; nil if there is none.
    public static let busybox: FilePath? = {
        let places: [FilePath] = ["/bin/busybox", "/usr/bin/busybox", "/bin/busybox.static"]
        return places.first { path in
            guard let file = try? FileDescriptor.open(path, .readOnly) else { return false }
            defer { try? file.close() }
            var head = [UInt8](repeating: 0, count: 1 << 12)
            let count = (try? head.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
            // A dynamic program contains the name of its interpreter near its start;
            // elf(5).
            return count > 0 && !String(decoding: head[..<count], as: UTF8.self).contains("/ld")
        }
    }()

    private static let applets = [
        "busybox", "cat", "chmod", "chown", "chroot", "dd", "df", "echo", "env", "false", "grep",
        "head",
        "hostname", "id", "ifconfig", "ln", "ls", "mkdir", "mknod", "mount", "nc", "nslookup",
        "printf", "ps",
        "readlink", "rm", "rmdir", "route", "setpriv", "sh", "sleep", "stat", "su", "touch",
        "true", "umount", "unshare", "wc", "yes",
    ]

    /// Creates the stage at `tree`, which must not exist.
    ///
    /// - Throws: `Errno`.
    public static func make(at tree: FilePath, busybox: FilePath) throws -> StageImage {
        for name in ["", "bin", "dev", "etc", "proc", "root", "sys", "tmp", "var"] {
            try check(tree.appending(name).withPlatformString { mkdir($0, 0o755) })
        }
        try check(tree.appending("tmp").withPlatformString { chmod($0, 0o1777) })
        try copy(busybox, to: tree.appending("bin/.busybox"))
        for applet in applets {
            try check(
                tree.appending("bin").appending(applet)
                    .withPlatformString { symlink(".busybox", $0) })
        }
        try write("original\n", to: tree.appending("etc/motd"))
        try write("root:x:0:0::/root:/bin/sh\n", to: tree.appending("etc/passwd"))
        return StageImage(
            name: "busybox", digest: String(repeating: "0", count: 64), tree: tree)
    }

    /// Writes a text file.
    ///
    /// - Throws: `Errno`.
    public static func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    private static func copy(_ source: FilePath, to target: FilePath) throws {
        let input = try FileDescriptor.open(source, .readOnly)
        defer { try? input.close() }
        let output = try FileDescriptor.open(
            target, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
        try output.closeAfter {
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            while case let count = try buffer.withUnsafeMutableBytes({ try input.read(into: $0) }),
                count > 0
            {
                try output.writeAll(buffer[..<count])
            }
        }
        try check(target.withPlatformString { chmod($0, 0o755) })
    }

    private static func check(_ result: Int32) throws {
        if result != 0 { throw Errno(rawValue: errno) }
    }
}
