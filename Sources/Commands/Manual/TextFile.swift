internal import SystemPackage

/// Reading and writing of whole text files.
enum TextFile {
    /// Returns the text of `file`; nil if there is no such file.
    static func read(_ file: FilePath) throws -> String? {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
        } catch Errno.noSuchFileOrDirectory {
            return nil
        }
        return try descriptor.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                if count == 0 { return String(decoding: bytes, as: UTF8.self) }
                bytes += buffer[..<count]
            }
        }
    }

    /// Replaces the content of `file` with `text`; creates the file if
    /// necessary.
    static func write(_ text: String, to file: FilePath) throws {
        let descriptor = try FileDescriptor.open(
            file, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
    }
}
