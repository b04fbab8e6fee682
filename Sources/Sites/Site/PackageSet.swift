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

    /// Reads a set.
    package init(_ bytes: [UInt8]) {
        var references: [Reference] = []
        var atoms: [String] = []
        for line in LineFile(bytes) {
            for word in line.words {
                if word.hasPrefix("@") {
                    references.append(Reference(line: line.number, name: String(word.dropFirst())))
                } else {
                    atoms.append(word)
                }
            }
        }
        self.references = references
        self.atoms = atoms
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
