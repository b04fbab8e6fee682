internal import Files
internal import Sites
internal import SystemPackage

/// A file of the pool that is or was to become a binary package, as far as
/// its name and its outside tell.
package enum PackageFile {
    /// What a file in a package's directory is.
    enum Kind: Hashable {
        /// A binary package, by its name.
        case package
        /// What Portage was writing when it ended: it takes the name of the
        /// package, then random letters and its process id.
        case temporary
        /// Anything else, such as a lock.
        case other
    }

    /// What a file is by its name.
    static func kind(of name: String) -> Kind {
        if name.hasPrefix(".") || isLock(name) { return .other }
        if name.hasSuffix(PoolPath.suffix) { return .package }
        return name.firstRange(of: PoolPath.suffix) == nil ? .other : .temporary
    }

    /// Whether a file is a lock of Portage's.
    package static func isLock(_ name: String) -> Bool { name.hasSuffix(".portage_lockfile") }

    /// Whether a file beside the categories is an index.
    package static func isIndex(_ name: String) -> Bool {
        ["Packages", "Packages.gz"].contains(name)
    }

    /// Whether a file beside the categories is what was to become an index.
    static func isTemporaryIndex(_ name: String) -> Bool {
        name.hasPrefix("Packages") && !isIndex(name) && !isLock(name)
    }

    /// Whether a file with a package's name is only the beginning of one:
    /// empty, as Portage reserves the name, zeros after a crash of the machine, or
    /// an archive in Portage's format (GLEP 78) that was cut off. Anything else that
    /// is no package was not left by a run of ours.
    ///
    /// - Throws: `FileError`.
    static func isPartial(_ path: FilePath) throws -> Bool {
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

    /// Only headers are read: what is in the members is for digests to prove.
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
                // A package begins with a member that says so.
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
        // All of it zeros, or without the member that Portage writes last.
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

    /// Octal digits, or for what needs more of them a number whose first bit is
    /// set (tar(5)).
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
