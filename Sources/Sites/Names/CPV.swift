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
        let halves = description.utf8.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        self.init(
            category: String(Substring(halves[0])), nameAndVersion: String(Substring(halves[1])))
    }

    /// Reads a category and a name with version, as in the directories of a
    /// pool; returns nil if the syntax is invalid.
    package init?(category: String, nameAndVersion: String) {
        // The version follows the last hyphen, or the last but one if the last
        // begins a revision.
        for hyphen in Self.lastHyphens(of: nameAndVersion) {
            let rest = nameAndVersion.utf8[hyphen...].dropFirst()
            guard let version = PackageVersion(String(Substring(rest))) else { continue }
            let name = String(nameAndVersion[..<hyphen])
            guard Self.isCategory(category), Self.isName(name) else { return nil }
            self.category = category
            self.name = name
            self.version = version
            return
        }
        return nil
    }

    /// Returns the positions of the last two hyphens of a text. Like all code
    /// here it works on bytes: records contain tens of thousands of these
    /// names.
    private static func lastHyphens(of text: String) -> [String.Index] {
        let hyphen = UInt8(ascii: "-")
        guard let last = text.utf8.lastIndex(of: hyphen) else { return [] }
        guard let other = text.utf8[..<last].lastIndex(of: hyphen) else { return [last] }
        return [other, last]
    }

    /// Returns whether `text` is a valid category.
    package static func isCategory(_ text: String) -> Bool {
        isWord(text, extra: "+_.-", notFirst: "-.+")
    }

    /// Returns whether `text` is a valid package name; it must not end in what
    /// looks like a version.
    package static func isName(_ text: String) -> Bool {
        guard isWord(text, extra: "+_-", notFirst: "-+") else { return false }
        return lastHyphens(of: text).allSatisfy { hyphen in
            PackageVersion(String(Substring(text.utf8[hyphen...].dropFirst()))) == nil
        }
    }

    /// Returns whether `text` is a valid slot name.
    package static func isSlot(_ text: String) -> Bool {
        isWord(text, extra: "+_.-", notFirst: "-.+")
    }

    private static func isWord(_ text: String, extra: String, notFirst: String) -> Bool {
        guard let first = text.utf8.first, !notFirst.utf8.contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
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
    package var description: String { "\(package)-\(version)" }

    /// Orders by category, name and version.
    package static func < (left: CPV, right: CPV) -> Bool {
        if left.category != right.category { return left.category < right.category }
        if left.name != right.name { return left.name < right.name }
        return left.version < right.version
    }
}
