internal import Files
internal import SystemPackage

/// A PKGDIR's `Packages` file: a header, then a paragraph for each binary
/// package, as Portage writes it.
struct PackageIndex {
    private var header: [Substring] = []
    private var packages: [(path: String, lines: [Substring])] = []

    init() {}

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

    /// Reads the index of a PKGDIR, which builds may write to; nil when it has
    /// none.
    ///
    /// - Throws: `FileError`.
    init?(of directory: FilePath) throws {
        guard
            let bytes = try ConfinedFile.read(
                "Packages", beneath: directory, limit: Self.mostBytes)
        else { return nil }
        self.init(bytes)
    }

    /// A thousand times what the index of a well-filled PKGDIR has.
    private static let mostBytes = 1 << 31

    /// Where the packages lie, below PKGDIR.
    var paths: Set<String> { Set(packages.map(\.path)) }

    /// The size in bytes that is recorded of each package, by its path.
    var sizes: [String: Int] {
        var sizes: [String: Int] = [:]
        for package in packages {
            let size = package.lines.first { $0.hasPrefix("SIZE: ") }
            sizes[package.path] = size.flatMap { Int($0.dropFirst("SIZE: ".count)) }
        }
        return sizes
    }

    func filtered(_ isWanted: (String) -> Bool) -> PackageIndex {
        var result = self
        result.packages = packages.filter { isWanted($0.path) }
        return result
    }

    mutating func merge(_ other: PackageIndex) {
        if header.isEmpty { header = other.header }
        packages += other.packages
    }

    var bytes: [UInt8] {
        let counted = header.map { line in
            line.hasPrefix("PACKAGES: ") ? "PACKAGES: \(packages.count)" : String(line)
        }
        let paragraphs = [counted] + packages.map { $0.lines.map(String.init) }
        return Array(
            paragraphs.map { $0.map { "\($0)\n" }.joined() }.joined(separator: "\n").utf8)
    }
}
