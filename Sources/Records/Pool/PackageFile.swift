internal import Files
internal import Sites
package import SystemPackage

/// A file of the pool that is a binary package or was to become one, judged by
/// its name, size and headers.
package enum PackageFile {
    /// The kind of a file in a package's directory.
    enum Kind: Hashable {
        /// A binary package, according to its name.
        case package
        /// An unfinished file of Portage: its name is that of the package,
        /// followed by random letters and the process id.
        case temporary
        /// Anything else, such as a lock.
        case other
    }

    /// Returns the kind of a file according to its name.
    static func kind(of name: String) -> Kind {
        if name.hasPrefix(".") || isLock(name) { return .other }
        if name.hasSuffix(PoolPath.suffix) { return .package }
        return name.firstRange(of: PoolPath.suffix) == nil ? .other : .temporary
    }

    /// Returns whether a file is a lock file of Portage.
    package static func isLock(_ name: String) -> Bool { name.hasSuffix(".portage_lockfile") }

    /// Returns whether a file beside the categories is an index.
    package static func isIndex(_ name: String) -> Bool {
        ["Packages", "Packages.gz"].contains(name)
    }

    /// Returns whether a file beside the categories is an unfinished index.
    static func isTemporaryIndex(_ name: String) -> Bool {
        name.hasPrefix("Packages") && !isIndex(name) && !isLock(name)
    }

    /// Returns whether a file with a package's name is incomplete: empty, as
    /// Portage reserves the name, filled with zeros after a crash of the
    /// machine, or a truncated archive in Portage's format (GLEP 78). Any other
    /// file that is not a package was not left by git-zentoo.
    ///
    /// - Throws: `FileError`.
    package static func isPartial(_ path: FilePath) throws -> Bool {
        guard let status = try FileStatus.of(path), status.kind == .file else { return false }
        if status.size == 0 { return true }
        do {
            let file = try FileDescriptor.open(
                path, .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
            return try file.closeAfter { try isCutOff(file, size: status.size) }
        } catch Errno.noSuchFileOrDirectory {
            return false
        } catch let error as Errno {
            throw FileError("read", path, error)
        }
    }

    private static let block = 512

    /// Reads only the headers: the contents of the members are verified by
    /// digests.
    private static func isCutOff(_ file: FileDescriptor, size: Int) throws -> Bool {
        if size < block {
            var start = [UInt8](repeating: 0, count: size)
            let count = try start.withUnsafeMutableBytes {
                try file.read(fromAbsoluteOffset: 0, into: $0)
            }
            let name = text(start.prefix(min(count, 100)))
            return start.allSatisfy { $0 == 0 } || name.hasSuffix("/gpkg-1")
        }
        var offset = 0
        var isFirst = true
        var last: Substring = ""
        var longName: String?
        while let header = try read(file, at: offset) {
            guard header.contains(where: { $0 != 0 }) else { break }
            let member = longName ?? text(header[0..<100])
            let length = number(header[124..<136])
            if isFirst {
                // The first member of a package identifies the format.
                guard member.hasSuffix("/gpkg-1") || header[156] != UInt8(ascii: "0") else {
                    return false
                }
                isFirst = false
            }
            guard let length, length >= 0 else { return true }
            let next = offset + block + (length + block - 1) / block * block
            guard offset + block + length <= size else { return true }
            switch header[156] {
            case UInt8(ascii: "L"):
                longName = try read(file, at: offset + block).map { text($0[...]) }
            case UInt8(ascii: "K"), UInt8(ascii: "x"), UInt8(ascii: "g"): break
            default:
                longName = nil
                last = Substring(member).split(separator: "/").last ?? ""
            }
            offset = next
        }
        // Only zeros, or without the member that Portage writes last.
        return isFirst || last != "Manifest"
    }

    private static func read(_ file: FileDescriptor, at offset: Int) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: block)
        var count = 0
        while count < block {
            let read = try buffer.withUnsafeMutableBytes {
                try file.read(
                    fromAbsoluteOffset: Int64(offset + count),
                    into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
            }
            if read == 0 { return nil }
            count += read
        }
        return buffer
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Parses octal digits, or a binary number, marked by the first bit, for
    /// values that need more digits (tar(5)).
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            return field.dropFirst(field.count - 7).reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }
            .prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        return digits.isEmpty ? nil : Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
