/// One line of a record, the form of everything git-zentoo writes into notes
/// and into the index made of them:
///
///     <build id> v<version> <kind> <key>=<value> <key>=<value> ...
///
/// - A line stands for itself: it needs no other line and no order, so that
///   `git notes merge -s cat_sort_uniq` joins the notes of two repositories.
///   Sorted lines are sorted by build, since build ids begin with the time.
/// - The version is 1. A reader skips lines of other versions and kinds and
///   lines it cannot read; a writer never loses them.
/// - The kinds are ``Kind``; which keys each has is told at ``Key``. Keys stand
///   in the order of ``Key/order``, unknown ones behind by their bytes; a key
///   stands once.
/// - In a value each byte up to 0x20, 0x7F and `%` is written as `%` and two
///   upper-case hexadecimal digits. In a list, items are separated by commas
///   and a comma in an item is written `%2C`. All else is UTF-8 as it is.
package struct RecordLine: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// What a line tells.
    package struct Kind: RawRepresentable, Sendable, Hashable {
        /// The word in the line.
        package let rawValue: String

        /// A kind, known or not.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// On a tuple commit's tree: a binary package this build compiled.
        package static let made = Kind(rawValue: "made")
        /// On a tuple commit's tree: a binary package this build took as it was.
        package static let reused = Kind(rawValue: "reused")
        /// On a tuple commit's tree: a binary package this build took as it was,
        /// and that no record told of.
        package static let found = Kind(rawValue: "found")
        /// On a tuple commit's tree: how a build ended.
        package static let result = Kind(rawValue: "result")
        /// On a tuple commit's tree: how a bootstrap ended, which is a kind of its
        /// own so that nobody takes it for a build of the tree.
        package static let bootstrap = Kind(rawValue: "bootstrap")
        /// On a tuple commit: a build of it, in short.
        package static let build = Kind(rawValue: "build")
        /// On a commit that a tuple commit was composed of: from here on this
        /// tuple has this result.
        package static let first = Kind(rawValue: "first")

        /// Those that tell how something ended.
        static let results: [Kind] = [.result, .bootstrap]
    }

    /// The version of the format this type writes and understands.
    package static let version = 1

    /// The build that the line tells about.
    package let build: BuildID
    /// What it tells.
    package let kind: Kind
    /// Values by key, encoded as they stand in the line.
    private var fields: [String: String] = [:]

    /// A line without values yet.
    package init(_ build: BuildID, _ kind: Kind) {
        self.build = build
        self.kind = kind
    }

    /// Reads a line without its newline; nil when it is not a line of this
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

    /// Reads all lines of a note or an index entry that this version
    /// understands, in their order.
    ///
    /// - Parameters:
    ///   - kind: only lines of this kind, without a closer look at the hundreds of
    ///     packages beside them; of all kinds when nil.
    ///   - tuple: only lines that name this tuple, without a closer look at those
    ///     of the thousand others of a site; any when nil.
    package static func lines(
        in bytes: [UInt8], of kind: Kind? = nil, naming tuple: String? = nil
    ) -> [RecordLine] {
        // All build ids are of one length, so the kind is always at one place.
        let kindBytes = kind.map { Array(" v\(version) \($0.rawValue) ".utf8) } ?? []
        let field = tuple.map { Array(" \(Key.tuple.rawValue)=\(PercentCoding.encoded($0))".utf8) }
        return bytes.split(separator: UInt8(ascii: "\n"))
            .filter { $0.dropFirst(BuildID.length).starts(with: kindBytes) }
            .filter { line in field.map { has(line, $0) } ?? true }
            .compactMap { RecordLine(words: $0) }
    }

    /// Whether a field, with its blank before, stands in a line. From blank to
    /// blank: the library's search for any place takes longer than reading.
    private static func has(_ line: ArraySlice<UInt8>, _ field: [UInt8]) -> Bool {
        line.indices.contains { line[$0] == field[0] && line[$0...].starts(with: field) }
    }

    /// The value of a key; setting nil takes the key out.
    package subscript(key: Key) -> String? {
        get { fields[key.rawValue].map { PercentCoding.decoded($0) } }
        set { fields[key.rawValue] = newValue.map { PercentCoding.encoded($0) } }
    }

    /// The value of a key that holds a list; a list without items is not
    /// written.
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

    /// In the order of their bytes, which is by build first: nearly always
    /// that decides, and costs no text.
    package static func < (left: RecordLine, right: RecordLine) -> Bool {
        guard left.build == right.build else { return left.build < right.build }
        return left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
