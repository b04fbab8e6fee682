internal import Glibc
internal import SystemPackage

/// The table of mounts, read from `/proc/self/mountinfo`; see proc(5).
struct MountTable {
    private let mountinfo: [UInt8]

    /// - Throws: ``EngineError`` when `/proc` cannot be read.
    static func ofThisProcess() throws -> MountTable {
        let path: FilePath = "/proc/self/mountinfo"
        do {
            return MountTable(mountinfo: try SmallFile.bytes(of: path))
        } catch {
            throw EngineError(.unavailable, "cannot read '\(path)': \(error)")
        }
    }

    /// Creates a table from the text of the file.
    init(mountinfo: [UInt8]) {
        self.mountinfo = mountinfo
    }

    /// Returns the first mount point at or below `path`. Bytes are compared,
    /// not paths: a machine may have thousands of mounts.
    func first(within path: FilePath) -> FilePath? {
        let wanted = Self.escaped(path)
        // The fifth field of each line is the mount point.
        for line in mountinfo.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count > 4, fields[4].starts(with: wanted) else { continue }
            let rest = fields[4].dropFirst(wanted.count)
            guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { continue }
            return Self.unescaped(fields[4])
        }
        return nil
    }

    /// Returns the path with symbolic links resolved, as the table spells it:
    /// blanks and backslashes are `\` and three octal digits.
    private static func escaped(_ path: FilePath) -> [UInt8] {
        let real = path.withPlatformString { name -> FilePath? in
            guard let resolved = realpath(name, nil) else { return nil }
            defer { free(resolved) }
            return FilePath(platformString: resolved)
        }
        return (real ?? path).withPlatformString { name in
            UnsafeRawBufferPointer(start: name, count: strlen(name)).flatMap { byte -> [UInt8] in
                guard [0x20, 0x09, 0x0a, 0x5c].contains(byte) else { return [byte] }
                let digits = String(byte, radix: 8)
                return Array(("\\" + String(repeating: "0", count: 3 - digits.count) + digits).utf8)
            }
        }
    }

    private static func unescaped(_ field: ArraySlice<UInt8>) -> FilePath {
        var bytes: [CChar] = []
        var rest = field
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(CChar(bitPattern: code))
                rest.removeFirst(3)
            } else {
                bytes.append(CChar(bitPattern: byte))
            }
        }
        return FilePath(platformString: bytes + [0])
    }
}
