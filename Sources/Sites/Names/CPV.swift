/// The category, package name and version of a package: `sys-apps/sed-4.9-r1`.
///
/// Syntax: PMS 9, sections 3.1.1, 3.1.2 and 3.2.
package struct CPV: TextValue {
    /// The category: `sys-apps`.
    package let category: String
    /// The package name: `sed`.
    package let name: String
    /// The version with its revision: `4.9-r1`.
    package let version: PackageVersion

    /// Reads `category/name-version`; returns nil if the syntax is invalid.
    package init?(_ description: String) {
        let bytes = description.utf8
        // A second slash is neither in a name nor in a version.
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        self.init(category: bytes[..<slash], nameAndVersion: bytes[slash...].dropFirst())
    }

    /// Reads a category and a name with version, as in the directories of a
    /// pool; returns nil if the syntax is invalid.
    package init?(category: String, nameAndVersion: String) {
        self.init(category: category.utf8[...], nameAndVersion: nameAndVersion.utf8[...])
    }

    /// Reads the same from parts of a longer text.
    init?(category: Substring.UTF8View, nameAndVersion: Substring.UTF8View) {
        // The version follows the last hyphen, or the last but one if the last
        // begins a revision.
        for hyphen in Self.lastHyphens(of: nameAndVersion) {
            guard let version = PackageVersion(nameAndVersion[hyphen...].dropFirst())
            else { continue }
            let name = nameAndVersion[..<hyphen]
            guard Self.isCategory(category), Self.isName(name) else { return nil }
            self.category = String(Substring(category))
            self.name = String(Substring(name))
            self.version = version
            return
        }
        return nil
    }

    /// Returns the positions of the last two hyphens of a text. Like all code
    /// here it works on bytes: records contain tens of thousands of these
    /// names.
    private static func lastHyphens(of text: Substring.UTF8View) -> [String.Index] {
        let hyphen = UInt8(ascii: "-")
        guard let last = text.lastIndex(of: hyphen) else { return [] }
        guard let other = text[..<last].lastIndex(of: hyphen) else { return [last] }
        return [other, last]
    }

    /// Returns whether `text` is a valid category.
    package static func isCategory(_ text: String) -> Bool { isCategory(text.utf8[...]) }

    private static func isCategory(_ text: Substring.UTF8View) -> Bool {
        isWord(text, extra: "+_.-", notFirst: "-.+")
    }

    /// Returns whether `text` is a valid package name; it must not end in what
    /// looks like a version.
    package static func isName(_ text: String) -> Bool { isName(text.utf8[...]) }

    private static func isName(_ text: Substring.UTF8View) -> Bool {
        guard isWord(text, extra: "+_-", notFirst: "-+") else { return false }
        return lastHyphens(of: text).allSatisfy { hyphen in
            !PackageVersion.isValid(text[hyphen...].dropFirst())
        }
    }

    /// Returns whether `text` is a valid slot name.
    package static func isSlot(_ text: String) -> Bool {
        isWord(text.utf8[...], extra: "+_.-", notFirst: "-.+")
    }

    private static func isWord(
        _ text: Substring.UTF8View, extra: String, notFirst: String
    ) -> Bool {
        guard let first = text.first, !notFirst.utf8.contains(first) else { return false }
        return text.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: extra.utf8.contains(byte)
            }
        }
    }

    /// Category and name without the version: `sys-apps/sed`.
    package var package: String { "\(category)/\(name)" }

    /// Name and version without the category, PMS's `PF`: `sed-4.9-r1`.
    package var nameAndVersion: String { "\(name)-\(version)" }

    /// The whole text: `sys-apps/sed-4.9-r1`.
    package var description: String { "\(category)/\(name)-\(version.description)" }

    /// Orders by category, name and version.
    package static func < (left: CPV, right: CPV) -> Bool {
        if left.category != right.category { return left.category < right.category }
        if left.name != right.name { return left.name < right.name }
        return left.version < right.version
    }
}
