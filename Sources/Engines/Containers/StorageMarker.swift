internal import Glibc
internal import SystemPackage

/// A file in a directory that machines share, by which a machine that has
/// another one of that name is found out: the classic trap of local volumes on
/// a swarm.
enum StorageMarker {
    /// Its name in the directory.
    static let name: FilePath.Component = ".zentoo-storage"

    /// What it says: one word, unlike any other directory's. Written when it is
    /// asked for first.
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
        // Whole, and whoever is first has said it.
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
