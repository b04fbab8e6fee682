internal import Sites

/// A package to patch, as the user names it: `app-misc/zen`, one of its slots
/// `app-misc/zen:2`, or one version `=app-misc/zen-1.2.0`.
package struct PatchPackage: Sendable, Hashable {
    /// Category and name.
    package let package: String
    /// The atom that is passed to Portage.
    let atom: String

    /// Parses the user's input.
    ///
    /// - Throws: ``ZentooError`` of code `invalidName`.
    package init(_ text: String) throws {
        if text.hasPrefix("="), let cpv = CPV(String(text.dropFirst())) {
            self.init(package: cpv.package, atom: text)
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, CPV.isCategory(String(names[0])), CPV.isName(String(names[1])),
            parts.count == 1 || parts.count == 2 && CPV.isSlot(String(parts[1]))
        else {
            throw ZentooError(
                .invalidName, "'\(text)' names no package",
                hints: [
                    "write category/name, category/name:slot or =category/name-version: "
                        + "'app-misc/zen', '=app-misc/zen-1.2.0'"
                ])
        }
        self.init(package: String(parts[0]), atom: text)
    }

    private init(package: String, atom: String) {
        self.package = package
        self.atom = atom
    }
}
