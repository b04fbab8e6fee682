/// A line of `config/tuples` with wildcards: `*-musl-*-*`.
///
/// The pattern is matched part by part. Its parts may contain hyphens as names
/// do, so its hyphen-separated words are distributed over the four parts in
/// every way that keeps their order; the pattern matches if one way does.
package struct TuplePattern: Sendable, Hashable {
    /// The pattern as written.
    package let text: String
    private let words: [Substring]

    /// More words than four names ever have, but few enough to try every
    /// distribution: a pattern may be malicious.
    private static let mostWords = 24

    /// Returns whether a word of `config/tuples` is a pattern and not a tuple.
    package static func isPattern(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "*")) }

    /// Creates a pattern; returns nil if it has too few or too many parts, or
    /// characters that no name has.
    package init?(_ text: String) {
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        let valid = text.unicodeScalars.allSatisfy {
            $0 == "*" || ZentooName.isValid("a\($0)") || $0 == "."
        }
        guard (4...Self.mostWords).contains(words.count), valid else { return nil }
        self.text = text
        self.words = words
    }

    /// Returns whether the pattern matches `tuple`.
    package func matches(_ tuple: Tuple) -> Bool {
        Self.matches(words[...], tuple.parts[...])
    }

    private static func matches(_ words: ArraySlice<Substring>, _ parts: ArraySlice<String>) -> Bool
    {
        guard let part = parts.first else { return words.isEmpty }
        guard words.count >= parts.count else { return false }
        return (1...(words.count - parts.count + 1)).contains { count in
            glob(words.prefix(count).joined(separator: "-")[...], part[...])
                && matches(words.dropFirst(count), parts.dropFirst())
        }
    }

    /// Returns whether a pattern matches a text. `*` matches any run of
    /// characters, every other character matches itself.
    ///
    /// Only the last `*` is backtracked to, so that many of them cost no more
    /// than one.
    private static func glob(_ pattern: Substring, _ text: Substring) -> Bool {
        let pattern = Array(pattern.utf8)
        let text = Array(text.utf8)
        var (at, position) = (0, 0)
        var lastStar: (pattern: Int, text: Int)?
        while position < text.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                lastStar = (at + 1, position)
                at += 1
            } else if at < pattern.count, pattern[at] == text[position] {
                at += 1
                position += 1
            } else if let star = lastStar {
                lastStar = (star.pattern, star.text + 1)
                (at, position) = (star.pattern, star.text + 1)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
