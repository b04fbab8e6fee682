/// The path of a binary package in a pool:
/// `<CHOST>/<flavour>/<category>/<name>/<name>-<version>-<number>.gpkg.tar`.
///
/// Records come from other machines, so these rules are checked before a file
/// is opened by its path: five plain components, none hidden, none `..`.
package struct PoolPath: TextValue {
    /// The path, relative to the pool.
    package let description: String
    /// The host triplet the package was compiled for.
    package let chost: String
    /// The flavour it was compiled with.
    package let flavour: String
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
            .map { String(Substring($0)) }
        guard parts.count == 5, Self.isPlain(parts[0]), Self.isPlain(parts[1]) else { return nil }
        let file = parts[4].utf8.dropLast(Self.suffix.utf8.count)
        guard parts[4].utf8[file.endIndex...].elementsEqual(Self.suffix.utf8),
            let hyphen = file.lastIndex(of: UInt8(ascii: "-")),
            let number = Self.number(Substring(file[hyphen...].dropFirst())),
            let cpv = CPV(category: parts[2], nameAndVersion: String(Substring(file[..<hyphen]))),
            cpv.name == parts[3]
        else { return nil }
        self.description = description
        chost = parts[0]
        flavour = parts[1]
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

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-")
        else { return false }
        return text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    private static func number(_ text: Substring) -> Int? {
        guard let number = Int(text), number > 0, String(number) == text else { return nil }
        return number
    }
}
