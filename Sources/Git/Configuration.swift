/// All settings that git sees, read once: those of the system, the user, the
/// repository and `git -c` (git-config(1)).
///
/// A key is `section.variable` or `section.subsection.variable`; section and
/// variable are case-insensitive, the subsection is case-sensitive.
public struct Configuration: Sendable {
    private let values: [String: [Value]]
    private let homeDirectory: String?

    /// A variable written without `=` is true.
    private enum Value: Sendable {
        case bare
        case text(String)
    }

    /// Parses the output of `git config --list -z`.
    ///
    /// - Parameters:
    ///   - listing: the output.
    ///   - homeDirectory: the directory that `~/` stands for in paths.
    public init(listing: [UInt8], homeDirectory: String?) {
        var values: [String: [Value]] = [:]
        for record in listing.split(separator: 0) {
            let parts = record.split(
                separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
            let key = Self.normalized(String(decoding: parts[0], as: UTF8.self))
            let value =
                parts.count == 1 ? Value.bare : .text(String(decoding: parts[1], as: UTF8.self))
            values[key, default: []].append(value)
        }
        self.values = values
        self.homeDirectory = homeDirectory
    }

    /// Returns the last value, which is the effective one; `nil` when there is
    /// none or it was written without `=`.
    public func string(_ key: String) -> String? {
        guard case .text(let text)? = last(key) else { return nil }
        return text
    }

    /// Returns all values, in the order in which git reads them.
    public func strings(_ key: String) -> [String] {
        values[Self.normalized(key), default: []].compactMap {
            if case .text(let text) = $0 { text } else { nil }
        }
    }

    /// Returns the last value as a boolean; `nil` when there is none.
    ///
    /// - Throws: ``GitError`` when it is not a boolean.
    public func bool(_ key: String) throws -> Bool? {
        switch last(key) {
        case nil: return nil
        case .bare?: return true
        case .text(let text)?:
            switch text.lowercased() {
            case "true", "yes", "on": return true
            case "false", "no", "off", "": return false
            default:
                guard let number = Self.number(text) else {
                    throw Self.bad(key, text, "boolean")
                }
                return number != 0
            }
        }
    }

    /// Returns the last value as a number, with a unit `k`, `m` or `g` applied;
    /// `nil` when there is none.
    ///
    /// - Throws: ``GitError`` when it is not a number.
    public func int(_ key: String) throws -> Int? {
        guard let value = last(key) else { return nil }
        guard case .text(let text) = value, let number = Self.number(text) else {
            throw Self.bad(key, string(key) ?? "", "number")
        }
        return number
    }

    /// Returns the last value as a path, with `~/` expanded; `nil` when there
    /// is none.
    ///
    /// - Throws: ``GitError`` when it begins with `~` and another user's name,
    ///   or there is no home directory.
    public func path(_ key: String) throws -> String? {
        guard let text = string(key), text.hasPrefix("~") else { return string(key) }
        guard let homeDirectory, text == "~" || text.hasPrefix("~/") else {
            throw Self.bad(key, text, "path")
        }
        return homeDirectory + text.dropFirst()
    }

    /// The keys that are set, sorted.
    public var keys: [String] { values.keys.sorted() }

    /// Returns the subsections of `section` that have a variable, sorted:
    /// `subsections(of: "remote")` are the names of the remotes.
    public func subsections(of section: String) -> [String] {
        let prefix = section.lowercased() + "."
        let names = values.keys.compactMap { key -> String? in
            guard key.hasPrefix(prefix), let dot = key.lastIndex(of: "."),
                key.utf8.count(where: { $0 == UInt8(ascii: ".") }) > 1
            else { return nil }
            return String(key[key.index(key.startIndex, offsetBy: prefix.count)..<dot])
        }
        return Set(names).sorted()
    }

    private func last(_ key: String) -> Value? { values[Self.normalized(key)]?.last }

    private static func normalized(_ key: String) -> String {
        guard let first = key.firstIndex(of: "."), let last = key.lastIndex(of: ".") else {
            return key.lowercased()
        }
        return key[..<first].lowercased() + key[first..<last] + key[last...].lowercased()
    }

    private static func number(_ text: String) -> Int? {
        let units: [Character: Int] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        guard let last = text.last, let unit = units[Character(last.lowercased())] else {
            return Int(text)
        }
        return Int(text.dropLast()).flatMap {
            let (product, overflow) = $0.multipliedReportingOverflow(by: unit)
            return overflow ? nil : product
        }
    }

    private static func bad(_ key: String, _ text: String, _ kind: String) -> GitError {
        GitError(
            .invalid, "bad \(kind) config value '\(text)' for '\(key)'",
            hints: ["git config --show-origin --get-all \(key)"])
    }
}
