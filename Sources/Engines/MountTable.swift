internal import Glibc
internal import SystemPackage

/// What is mounted where, as `/proc/self/mountinfo` says; see proc(5).
struct MountTable {
    /// Where something is mounted, in the order of mounting.
    let targets: [FilePath]

    /// - Throws: ``EngineError`` when `/proc` cannot be read.
    static func ofThisProcess() throws -> MountTable {
        let path: FilePath = "/proc/self/mountinfo"
        do {
            return MountTable(mountinfo: try SmallFile.bytes(of: path))
        } catch {
            throw EngineError(.unavailable, "cannot read '\(path)': \(error)")
        }
    }

    /// The fifth field of each line is the mount point, with blanks and
    /// backslashes as `\` and three octal digits.
    init(mountinfo: [UInt8]) {
        targets = mountinfo.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count > 4 else { return nil }
            let name = Self.unescaped(fields[4])
            return (name + [0]).withUnsafeBytes { bytes in
                FilePath(platformString: Array(bytes.bindMemory(to: CChar.self)))
            }
        }
    }

    /// A place at or beneath `path` on which something is mounted.
    func first(within path: FilePath) -> FilePath? {
        let real = path.withPlatformString { name -> FilePath? in
            guard let resolved = realpath(name, nil) else { return nil }
            defer { free(resolved) }
            return FilePath(platformString: resolved)
        }
        return targets.first { $0.starts(with: real ?? path) }
    }

    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest.removeFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
