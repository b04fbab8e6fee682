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
    /// In the order of the bytes of their keys.
    private var fields: [Field] = []

    /// A key and its value, encoded as in the line. They are parts of the bytes
    /// that the line was read from: few values of tens of thousands of lines
    /// are needed as text.
    private struct Field: Sendable, Hashable {
        let key: ArraySlice<UInt8>
        let value: ArraySlice<UInt8>

        func hash(into hasher: inout Hasher) {
            key.withUnsafeBytes { hasher.combine(bytes: $0) }
            value.withUnsafeBytes { hasher.combine(bytes: $0) }
        }

        static func isBefore(_ left: Field, _ right: Field) -> Bool {
            left.key.lexicographicallyPrecedes(right.key)
        }
    }

    /// Creates a line without values.
    package init(_ build: BuildID, _ kind: Kind) {
        self.build = build
        self.kind = kind
    }

    /// Parses a line without its newline; nil when it is not a line of this
    /// version.
    package init?(_ text: some StringProtocol) {
        self.init(bytes: Array(text.utf8)[...])
    }

    private init?(bytes: ArraySlice<UInt8>) {
        let words = bytes.split(separator: UInt8(ascii: " "))
        guard words.count >= 3, let build = BuildID(String(decoding: words[0], as: UTF8.self)),
            words[1].elementsEqual(Self.versionWord)
        else { return nil }
        self.init(build, Kind(rawValue: String(decoding: words[2], as: UTF8.self)))
        fields.reserveCapacity(words.count - 3)
        for word in words[3...] {
            guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let field = Field(key: word[..<equals], value: word[(equals + 1)...])
            guard Key.isValid(field.key) else { return nil }
            fields.append(field)
        }
        fields.sort(by: Field.isBefore)
        guard zip(fields, fields.dropFirst()).allSatisfy({ $0.key != $1.key }) else { return nil }
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
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard line.dropFirst(BuildID.length).starts(with: kindBytes),
                field.map({ has(line, $0) }) ?? true
            else { return nil }
            return RecordLine(bytes: line)
        }
    }

    /// Returns whether a line contains a field, given with the blank before it.
    /// Only positions of blanks are compared: the standard library's search
    /// takes longer than parsing the line.
    private static func has(_ line: ArraySlice<UInt8>, _ field: [UInt8]) -> Bool {
        line.indices.contains { line[$0] == field[0] && line[$0...].starts(with: field) }
    }

    /// The value of a key; setting nil removes the key.
    package subscript(key: Key) -> String? {
        get { text(key).map { PercentCoding.decoded($0) } }
        set { set(key, newValue.map { PercentCoding.encoded($0) }) }
    }

    /// The value of a key that holds a list; an empty list is not written.
    package subscript(list key: Key) -> [String] {
        get {
            guard let text = text(key), !text.isEmpty else { return [] }
            return text.utf8.split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false
            ).map { PercentCoding.decoded(String(decoding: $0, as: UTF8.self)) }
        }
        set {
            let items = newValue.map { PercentCoding.encoded($0, alsoComma: true) }
            set(key, items.isEmpty ? nil : items.joined(separator: ","))
        }
    }

    /// Returns the value of a key as in the line.
    private func text(_ key: Key) -> String? {
        let name = key.rawValue.utf8
        return fields.first { $0.key.count == name.count && $0.key.elementsEqual(name) }
            .map { String(decoding: $0.value, as: UTF8.self) }
    }

    private mutating func set(_ key: Key, _ text: String?) {
        fields.removeAll { $0.key.elementsEqual(key.rawValue.utf8) }
        guard let text else { return }
        fields.append(Field(key: Array(key.rawValue.utf8)[...], value: Array(text.utf8)[...]))
        fields.sort(by: Field.isBefore)
    }

    /// The keys that have values, in the order of the line.
    package var keys: [Key] {
        fields.map { Key(rawValue: String(decoding: $0.key, as: UTF8.self)) }.sorted()
    }

    /// The line as it is written, without a newline.
    package var description: String {
        let head = "\(build) v\(Self.version) \(kind.rawValue)"
        return keys.reduce(into: head) { line, key in
            line += " \(key.rawValue)=\(text(key) ?? "")"
        }
    }

    /// Orders lines by their bytes. Comparing the builds first nearly always
    /// decides, without creating the text.
    package static func < (left: RecordLine, right: RecordLine) -> Bool {
        guard left.build == right.build else { return left.build < right.build }
        return left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
