package import Git
internal import Sites

/// What a push wants to change, as git tells its hooks (githooks(5)): a line
/// `old new name` for each reference.
package struct Push: Sendable, Hashable {
    /// One reference.
    package struct Change: Sendable, Hashable {
        /// Its full name. git has checked it against git-check-ref-format(1).
        package let name: String
        /// What it is now; nil for a new one.
        package let old: ObjectID?
        /// What it shall be; nil for one that is to be deleted.
        package let new: ObjectID?

        /// The branch's name when it is a branch.
        var branch: String? {
            name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : nil
        }

        /// As people name it: a branch without `refs/heads/`.
        var shown: String { branch ?? name }
    }

    /// In git's order.
    package let changes: [Change]

    /// More lines than that are no push to a site: some 100,000 references.
    package static let largestInput = 16 << 20

    /// Reads git's lines.
    ///
    /// - Throws: ``ZentooError`` for what git never writes.
    package init(_ input: [UInt8]) throws {
        changes = try input.split(separator: UInt8(ascii: "\n")).map { line in
            let words = line.split(
                separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3, !words[2].isEmpty,
                let old = ObjectID(hex: Array(words[0])), let new = ObjectID(hex: Array(words[1]))
            else {
                throw ZentooError(
                    .unsupported,
                    "standard input is not what git hands to a hook: "
                        + "'\(String(decoding: line, as: UTF8.self))'",
                    hints: ["git calls this itself: 'git zentoo hook install' has it do so"])
            }
            return Change(
                name: String(decoding: words[2], as: UTF8.self), old: old == .zero ? nil : old,
                new: new == .zero ? nil : new)
        }
    }
}
