internal import Glibc
internal import SystemPackage

/// Reads and writes short files as a whole: kernel settings, markers.
enum SmallFile {
    private static let longest = 1 << 20

    /// Returns the text of a file, with invalid UTF-8 replaced; nil when it
    /// cannot be read.
    static func text(of path: FilePath) -> String? {
        (try? bytes(of: path)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns the bytes of a file, about a mebibyte at most.
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

    /// Reads a pipe up to its end, or up to the available data if the pipe is
    /// non-blocking.
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

    /// Returns the target of a symbolic link; nil if the path is not one.
    static func link(at path: FilePath) -> FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = path.withPlatformString { readlink($0, &buffer, buffer.count - 1) }
        return length > 0 ? FilePath(platformString: buffer) : nil
    }

    /// Replaces a file's content by a text padded with zeros to `size` bytes,
    /// in place: no space is needed if the file already has that size. A longer
    /// text is truncated.
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

    /// Replaces a file's content; a new file is readable by its owner alone.
    ///
    /// - Throws: `Errno`.
    static func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }
}
