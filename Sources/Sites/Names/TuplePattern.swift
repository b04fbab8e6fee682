/// A line of `config/tuples` with wildcards: `*-musl-*-*`.
///
/// It is matched part by part. A part's pattern may hold hyphens as names do,
/// so the pattern's hyphen-separated words are dealt out to the four parts in
/// every order-keeping way; it matches when one way does.
package struct TuplePattern: Sendable, Hashable {
    /// The pattern as written.
    package let text: String
    private let words: [Substring]

    /// More than four names ever have, few enough to deal out in every way: a
    /// pattern may come from somebody who means no good.
    private static let mostWords = 24

    /// Whether a word of `config/tuples` is a pattern and not a tuple.
    package static func isPattern(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "*")) }

    /// Takes a pattern as written; nil when it has fewer than four parts or
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

    /// Whether the pattern fits `tuple`.
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

    /// `*` stands for any run of characters, every other character for itself.
    ///
    /// Only the last `*` is ever taken back, so that many of them cost no more
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
