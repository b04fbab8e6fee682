/// One line of a record: the format of everything that git-zentoo writes into
/// notes and into their index:
///
///     <build id> v<version> <kind> <key>=<value> <key>=<value> ...
///
/// - A line is self-contained: it depends on no other line and on no order, so
///   that `git notes merge -s cat_sort_uniq` merges the notes of two
///   repositories. Sorted lines are sorted by build, since build ids begin with
///   the time.
/// - The version is 1. A reader skips lines of other versions and kinds and
///   lines it cannot parse; a writer always keeps them.
/// - The kinds are documented at ``Kind``, the keys of each kind at ``Key``.
///   Keys are in the order of ``Key/order``, followed by unknown ones in the
///   order of their bytes; each key occurs once.
/// - In a value each byte up to 0x20, 0x7F and `%` is written as `%` and two
///   upper-case hexadecimal digits. In a list, items are separated by commas
///   and a comma in an item is written `%2C`. Everything else is UTF-8.
package struct RecordLine: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The kind of information in a line.
    package struct Kind: RawRepresentable, Sendable, Hashable {
        /// The word used in the line.
        package let rawValue: String

        /// A kind, known or not.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// On a tuple commit's tree: a binary package this build compiled.
        package static let made = Kind(rawValue: "made")
        /// On a tuple commit's tree: a recorded binary package this build
        /// reused.
        package static let reused = Kind(rawValue: "reused")
        /// On a tuple commit's tree: a binary package without a record that
        /// this build reused.
        package static let found = Kind(rawValue: "found")
        /// On a tuple commit's tree: the result of a build.
        package static let result = Kind(rawValue: "result")
        /// On a tuple commit's tree: the result of a bootstrap. A separate
        /// kind, so that it is not mistaken for a build of the tree.
        package static let bootstrap = Kind(rawValue: "bootstrap")
        /// On a tuple commit: the summary of a build of it.
        package static let build = Kind(rawValue: "build")
        /// On a commit that a tuple commit was composed from: the tuple has
        /// this result from this commit on.
        package static let first = Kind(rawValue: "first")

        /// The kinds that hold a result.
        static let results: [Kind] = [.result, .bootstrap]
    }

    /// The version of the format this type writes and understands.
    package static let version = 1

    /// The build that the line describes.
    package let build: BuildID
    /// The kind of the line.
    package let kind: Kind
    /// Values by key, encoded as in the line.
    private var fields: [String: String] = [:]

    /// Creates a line without values.
    package init(_ build: BuildID, _ kind: Kind) {
        self.build = build
        self.kind = kind
    }

    /// Parses a line without its newline; nil when it is not a line of this
    /// version.
    package init?(_ text: some StringProtocol) {
        self.init(words: Array(text.utf8))
    }

    private init?(words bytes: some Collection<UInt8>) {
        let words = bytes.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: true)
        func text(_ bytes: some Collection<UInt8>) -> String {
            String(decoding: bytes, as: UTF8.self)
        }
        guard words.count >= 3, let build = BuildID(text(words[0])),
            words[1].elementsEqual(Self.versionWord)
        else { return nil }
        self.init(build, Kind(rawValue: text(words[2])))
        fields.reserveCapacity(words.count - 3)
        for word in words[3...] {
            guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let key = text(word[..<equals])
            let value = text(word[word.index(after: equals)...])
            guard Key.isValid(key), fields.updateValue(value, forKey: key) == nil else {
                return nil
            }
        }
    }

    private static let versionWord = Array("v\(version)".utf8)

    /// Returns all lines of a note or an index entry that this version
    /// understands, in their order.
    ///
    /// - Parameters:
    ///   - kind: only lines of this kind, without parsing the hundreds of
    ///     package lines next to them; all kinds if nil.
    ///   - tuple: only lines that name this tuple, without parsing those of a
    ///     site's other tuples, which may be a thousand; any if nil.
    package static func lines(
        in bytes: [UInt8], of kind: Kind? = nil, naming tuple: String? = nil
    ) -> [RecordLine] {
        // All build ids have the same length, so the kind has a fixed offset.
        let kindBytes = kind.map { Array(" v\(version) \($0.rawValue) ".utf8) } ?? []
        let field = tuple.map { Array(" \(Key.tuple.rawValue)=\(PercentCoding.encoded($0))".utf8) }
        return bytes.split(separator: UInt8(ascii: "\n"))
            .filter { $0.dropFirst(BuildID.length).starts(with: kindBytes) }
            .filter { line in field.map { has(line, $0) } ?? true }
            .compactMap { RecordLine(words: $0) }
    }

    /// Returns whether a line contains a field, given with the blank before it.
    /// Only positions of blanks are compared: the standard library's search
    /// takes longer than parsing the line.
    private static func has(_ line: ArraySlice<UInt8>, _ field: [UInt8]) -> Bool {
        line.indices.contains { line[$0] == field[0] && line[$0...].starts(with: field) }
    }

    /// The value of a key; setting nil removes the key.
    package subscript(key: Key) -> String? {
        get { fields[key.rawValue].map { PercentCoding.decoded($0) } }
        set { fields[key.rawValue] = newValue.map { PercentCoding.encoded($0) } }
    }

    /// The value of a key that holds a list; an empty list is not written.
    package subscript(list key: Key) -> [String] {
        get {
            guard let text = fields[key.rawValue], !text.isEmpty else { return [] }
            return text.utf8.split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false
            ).map { PercentCoding.decoded(String(decoding: $0, as: UTF8.self)) }
        }
        set {
            let items = newValue.map { PercentCoding.encoded($0, alsoComma: true) }
            fields[key.rawValue] = items.isEmpty ? nil : items.joined(separator: ",")
        }
    }

    /// The keys that have values, in the order of the line.
    package var keys: [Key] { fields.keys.map(Key.init(rawValue:)).sorted() }

    /// The line as it is written, without a newline.
    package var description: String {
        let head = "\(build) v\(Self.version) \(kind.rawValue)"
        return keys.reduce(into: head) { line, key in
            line += " \(key.rawValue)=\(fields[key.rawValue] ?? "")"
        }
    }

    /// Orders lines by their bytes. Comparing the builds first nearly always
    /// decides, without creating the text.
    package static func < (left: RecordLine, right: RecordLine) -> Bool {
        guard left.build == right.build else { return left.build < right.build }
        return left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
