internal import Files
internal import Sites
package import SystemPackage

/// A PKGDIR's `Packages` file: a header, then a paragraph for each binary
/// package, as Portage writes it.
package struct PackageIndex {
    private var header: [Substring] = []
    private var packages: [(path: String, lines: [Substring])] = []

    /// Creates an index without packages.
    package init() {}

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        var paragraph: [Substring] = []
        var isHeader = true
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) + [""[...]] {
            if !line.isEmpty {
                paragraph.append(line)
                continue
            }
            guard !paragraph.isEmpty else { continue }
            if isHeader {
                header = paragraph
                isHeader = false
            } else if let path = paragraph.first(where: { $0.hasPrefix("PATH: ") }) {
                packages.append((String(path.dropFirst("PATH: ".count)), paragraph))
            }
            paragraph = []
        }
    }

    /// Reads the index of a PKGDIR that builds may write to; nil if it has none
    /// or if it is not a regular file.
    ///
    /// - Throws: `FileError`.
    package init?(of directory: FilePath) throws {
        guard try FileStatus.of(directory.appending("Packages"))?.kind == .file,
            let bytes = try ConfinedFile.read(
                "Packages", beneath: directory, limit: Self.mostBytes)
        else { return nil }
        self.init(bytes)
    }

    /// A thousand times the size of the index of a large PKGDIR.
    private static let mostBytes = 1 << 31

    /// The paths of the packages, relative to PKGDIR.
    package var paths: Set<String> { Set(packages.map(\.path)) }

    /// The recorded size of each package in bytes, by path.
    package var sizes: [String: Int] {
        var sizes: [String: Int] = [:]
        for package in packages {
            let size = package.lines.first { $0.hasPrefix("SIZE: ") }
            sizes[package.path] = size.flatMap { Int($0.dropFirst("SIZE: ".count)) }
        }
        return sizes
    }

    /// The recorded modification time of each package in seconds since the
    /// epoch, by path.
    var times: [String: Int] {
        var times: [String: Int] = [:]
        for package in packages {
            times[package.path] = Self.value("MTIME", in: package.lines).flatMap { Int($0) }
        }
        return times
    }

    /// The packages whose path does not match the version and BUILD_ID in their
    /// own metadata, because they were stored under another name.
    var misnamed: [(path: String, name: String)] {
        packages.compactMap { package in
            guard let cpv = Self.value("CPV", in: package.lines).flatMap({ CPV($0) }),
                let number = Self.value("BUILD_ID", in: package.lines).flatMap({ Int($0) })
            else { return nil }
            let name = "\(cpv.package)/\(cpv.nameAndVersion)-\(number)\(PoolPath.suffix)"
            return name == package.path ? nil : (package.path, name)
        }
    }

    /// Returns the fields of a package in the index; nil if it has none at that
    /// path.
    package func fields(ofPath path: String) -> [String: String]? {
        guard let package = packages.first(where: { $0.path == path }) else { return nil }
        let pairs = package.lines.compactMap { line -> (String, String)? in
            guard let colon = line.firstRange(of: ": ") else { return nil }
            return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
        }
        return Dictionary(pairs) { $1 }
    }

    private static func value(_ key: String, in lines: [Substring]) -> String? {
        lines.first { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.utf8.count + 2)) }
    }

    /// Returns the index with only the packages at some paths.
    package func filtered(_ isWanted: (String) -> Bool) -> PackageIndex {
        var result = self
        result.packages = packages.filter { isWanted($0.path) }
        return result
    }

    /// Adds the packages of another index, in place of its own at the same
    /// paths, and the other header if there is none yet.
    package mutating func merge(_ other: PackageIndex) {
        // A header that names another place for the packages would be followed.
        if header.isEmpty { header = other.header.filter { !$0.hasPrefix("URI: ") } }
        let replaced = other.paths
        packages = packages.filter { !replaced.contains($0.path) } + other.packages
    }

    /// Returns the index with only those of its entries that agree with their
    /// path and with the files in a directory: the phases of ebuilds can write to
    /// an index as well as Portage.
    ///
    /// - Throws: `FileError`.
    package func agreeing(with directory: FilePath) throws -> PackageIndex {
        let wrong = Set(misnamed.map(\.path))
        var result = self
        result.packages = try packages.filter { package in
            let keys = package.lines.map { $0.prefix { $0 != ":" } }
            guard !wrong.contains(package.path), Set(keys).count == keys.count,
                let status = try FileStatus.of(directory.appending(package.path))
            else { return false }
            return Self.value("SIZE", in: package.lines) == "\(status.size)"
                && Self.value("MTIME", in: package.lines) == "\(status.modified)"
        }
        return result
    }

    /// The file's content.
    package var bytes: [UInt8] {
        let counted = header.map { line in
            line.hasPrefix("PACKAGES: ") ? "PACKAGES: \(packages.count)" : String(line)
        }
        let paragraphs = [counted] + packages.map { $0.lines.map(String.init) }
        return Array(
            paragraphs.map { $0.map { "\($0)\n" }.joined() }.joined(separator: "\n").utf8)
    }
}
