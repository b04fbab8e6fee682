package import Git
internal import Sites

/// The reference updates of a push, as git passes them to hooks (githooks(5)):
/// a line `old new name` for each reference.
package struct Push: Sendable, Hashable {
    /// The update of one reference.
    package struct Change: Sendable, Hashable {
        /// The full name, which git has checked against
        /// git-check-ref-format(1).
        package let name: String
        /// The current value; nil for a new reference.
        package let old: ObjectID?
        /// The new value; nil for a deletion.
        package let new: ObjectID?

        /// The branch name; nil when it is not a branch.
        var branch: String? {
            name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : nil
        }

        /// The name to show: a branch without `refs/heads/`.
        var shown: String { branch ?? name }
    }

    /// The updates, in git's order.
    package let changes: [Change]

    /// The maximum size of the input in bytes: about 100,000 references, more
    /// than a push to a site ever has.
    package static let largestInput = 16 << 20

    /// Parses git's lines.
    ///
    /// - Throws: ``ZentooError`` for input that git never writes.
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
