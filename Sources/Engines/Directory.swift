internal import Glibc
internal import SystemPackage

/// Lists directories.
enum Directory {
    /// Returns the names of all entries of a directory, sorted.
    ///
    /// - Throws: `Errno`.
    static func names(in path: FilePath) throws -> [String] {
        guard let directory = path.withPlatformString({ opendir($0) }) else {
            throw Errno(rawValue: errno)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
