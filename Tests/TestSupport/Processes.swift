internal import Glibc
public import SystemPackage

/// The processes of this machine, for tests that nothing is left running.
public enum Processes {
    /// Returns the command lines of all processes that contain `marker`, except the
    /// calling process.
    public static func commandLines(with marker: String) throws -> [String] {
        try all(with: marker).map(\.commandLine)
    }

    /// Returns the processes whose command lines contain `marker`, except the
    /// calling process.
    public static func all(
        with marker: String
    ) throws -> [(id: Int32, commandLine: String)] {
        guard let directory = opendir("/proc") else { throw Errno(rawValue: errno) }
        defer { closedir(directory) }
        var found: [(id: Int32, commandLine: String)] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            guard let id = Int32(name), id != getpid(),
                let line = try? text(of: FilePath("/proc/\(name)/cmdline"))
            else { continue }
            if line.contains(marker) {
                found.append((id, line.split(separator: "\0").joined(separator: " ")))
            }
        }
        return found
    }

    /// Returns the whole content of a file, also of files that report no size.
    ///
    /// - Throws: `Errno`.
    public static func text(of path: FilePath) throws -> String {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var content: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }),
                count > 0
            {
                content += buffer[..<count]
            }
            return String(decoding: content, as: UTF8.self)
        }
    }
}
