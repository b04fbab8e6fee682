/// A package set in Portage's own format (portage(5), `sets/`): one package
/// atom or `@set` per line.
package struct PackageSet: Sendable, Hashable {
    /// A set that a set names.
    package struct Reference: Sendable, Hashable {
        /// The line number, counted from 1.
        package let line: Int
        /// The name after `@`.
        package let name: String
    }

    /// The sets it includes.
    package let references: [Reference]
    /// The package atoms, as written.
    package let atoms: [String]
    /// The words that are neither, with their lines: Portage ignores them.
    package let invalid: [Reference]

    /// Reads a set.
    package init(_ bytes: [UInt8]) {
        var references: [Reference] = []
        var atoms: [String] = []
        var invalid: [Reference] = []
        for line in LineFile(bytes) {
            for word in line.words {
                if word.hasPrefix("@") {
                    references.append(Reference(line: line.number, name: String(word.dropFirst())))
                } else if Self.isAtom(word) {
                    atoms.append(word)
                } else {
                    invalid.append(Reference(line: line.number, name: word))
                }
            }
        }
        self.references = references
        self.atoms = atoms
        self.invalid = invalid
    }

    /// Returns whether a word has the form of a package atom: an operator,
    /// `category/name`, with or without a version, slot, repository and USE
    /// dependencies (PMS 9, section 8.3; portage(5), atoms). Whether the version
    /// is valid is for Portage to say.
    static func isAtom(_ word: String) -> Bool {
        let bytes = word.utf8.drop { "<>=~".utf8.contains($0) }
            .prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "[") }
        let halves = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2 else { return false }
        return halves.allSatisfy { half in
            guard let first = half.first, !"-+.".utf8.contains(first) else { return false }
            return half.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "+_.-*".utf8.contains(byte)
                }
            }
        }
    }

    /// The sets that Portage itself defines
    /// (`/usr/share/portage/config/sets/portage.conf`).
    package static let builtIn: Set<String> = [
        "changed-deps", "changed-subslot", "deprecated-live-rebuild", "downgrade", "golang-rebuild",
        "installed", "live-rebuild", "module-rebuild", "preserved-rebuild", "profile",
        "rebuilt-binaries",
        "rust-rebuild", "security", "selected", "selected-packages", "selected-sets", "system",
        "unavailable", "unavailable-binaries", "world", "x11-module-rebuild",
    ]
}
