/// The path of a binary package in a pool:
/// `<CHOST>/<flavour>/<category>/<name>/<name>-<version>-<number>.gpkg.tar`.
///
/// Records come from other machines, so these rules are checked before a file
/// is opened by its path: five plain components, none hidden, none `..`.
package struct PoolPath: TextValue {
    /// The path, relative to the pool.
    package let description: String
    /// The package and its version.
    package let cpv: CPV
    /// The number by which Portage distinguishes several builds of a version,
    /// its `BUILD_ID`.
    package let number: Int

    /// The file name suffix of Portage's current format, GLEP 78.
    package static let suffix = ".gpkg.tar"

    /// Reads a path relative to a pool; returns nil if it is not the path of a
    /// binary package in the multi-instance layout.
    package init?(_ description: String) {
        let parts = description.utf8
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 5, Self.isPlain(parts[0]), Self.isPlain(parts[1]) else { return nil }
        let file = parts[4].dropLast(Self.suffix.utf8.count)
        guard parts[4][file.endIndex...].elementsEqual(Self.suffix.utf8),
            let hyphen = file.lastIndex(of: UInt8(ascii: "-")),
            let number = Self.number(Substring(file[hyphen...].dropFirst())),
            let cpv = CPV(category: parts[2], nameAndVersion: file[..<hyphen]),
            parts[3].elementsEqual(cpv.name.utf8)
        else { return nil }
        self.description = description
        self.cpv = cpv
        self.number = number
    }

    /// Creates the path of a package that Portage has put into the PKGDIR of a
    /// flavour; returns nil if a part violates the rules.
    package init?(chost: String, flavour: String, cpv: CPV, number: Int) {
        self.init(
            "\(chost)/\(flavour)/\(cpv.package)/\(cpv.nameAndVersion)-\(number)\(Self.suffix)")
    }

    /// The path relative to the PKGDIR of its flavour.
    package var pathInFlavour: String {
        "\(cpv.package)/\(cpv.nameAndVersion)-\(number)\(Self.suffix)"
    }

    /// The host triplet the package was compiled for.
    package var chost: String { component(0) }

    /// The flavour it was compiled with.
    package var flavour: String { component(1) }

    private func component(_ index: Int) -> String {
        String(Substring(description.utf8.split(separator: UInt8(ascii: "/"))[index]))
    }

    private static func isPlain(_ text: Substring.UTF8View) -> Bool {
        guard let first = text.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-")
        else { return false }
        return text.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    private static func number(_ text: Substring) -> Int? {
        guard let number = Int(text), number > 0, String(number) == text else { return nil }
        return number
    }

    /// Returns whether both are the same text, which determines the parts.
    package static func == (left: PoolPath, right: PoolPath) -> Bool {
        left.description == right.description
    }

    /// Hashes the text.
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
