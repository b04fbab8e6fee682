internal import Glibc
internal import SystemPackage

/// A short file read or written whole: a setting of the kernel, a marker.
enum SmallFile {
    private static let longest = 1 << 20

    /// The text of a file, as far as it is UTF-8; nil when it cannot be read.
    static func text(of path: FilePath) -> String? {
        (try? bytes(of: path)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a file, at most a mebibyte of them.
    ///
    /// - Throws: `Errno`.
    static func bytes(of path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var content: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 12)
            while content.count < longest {
                let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { break }
                content += buffer[..<count]
            }
            return content
        }
    }

    /// What can be read of a pipe: up to its end, or to where a pipe that does
    /// not block has no more.
    static func text(of pipe: FileDescriptor) -> String {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        while content.count < longest,
            let count = try? buffer.withUnsafeMutableBytes({ try pipe.read(into: $0) }),
            count > 0
        {
            content += buffer[..<count]
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// Where a symbolic link leads; nil for what is none.
    static func link(at path: FilePath) -> FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = path.withPlatformString { readlink($0, &buffer, buffer.count - 1) }
        return length > 0 ? FilePath(platformString: buffer) : nil
    }

    /// Replaces a file's content by a text and zeros, `size` bytes in all, in place:
    /// where that many are there, no space is needed. A longer text is cut off.
    ///
    /// - Throws: `Errno`.
    static func overwrite(_ text: String, size: Int, at path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite)
        let content = Array(text.utf8.prefix(size - 1))
        try file.closeAfter {
            _ = try file.writeAll(
                content + [UInt8](repeating: 0, count: size - content.count))
        }
    }

    /// Replaces a file's content; readable by its owner alone.
    ///
    /// - Throws: `Errno`.
    static func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }
}
