internal import Glibc
internal import SystemPackage

/// A file in a shared directory that reveals a machine with a different
/// directory at that path: the classic trap of local volumes on a swarm.
enum StorageMarker {
    /// The name of the file.
    static let name: FilePath.Component = ".zentoo-storage"

    /// Returns the content of the file: one word, unique to the directory. It
    /// is written when first requested.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    static func identity(of directory: FilePath) throws -> String {
        let file = directory.appending(name)
        if let known = read(file) { return known }
        let digits = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }
        let beside = directory.appending("\(name).\(digits[0])")
        defer { unlink(beside.string) }
        do {
            let made = try FileDescriptor.open(
                beside, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try made.closeAfter { _ = try made.writeAll("\(digits.joined())\n".utf8) }
        } catch {
            throw EngineError(.setup, "cannot write '\(file)': \(error)")
        }
        // link(2) publishes the complete file; if two processes do so, the
        // first wins.
        guard link(beside.string, file.string) == 0 || errno == EEXIST else {
            throw EngineError(.setup, "cannot write '\(file)': \(Errno(rawValue: errno))")
        }
        guard let identity = read(file) else {
            throw EngineError(
                .setup, "'\(file)' does not say which directory it is in",
                hints: ["rm '\(file)'"])
        }
        return identity
    }

    private static func read(_ file: FilePath) -> String? {
        let word = SmallFile.text(of: file)?.split(whereSeparator: \.isWhitespace).first
        return word.map(String.init)
    }
}
