internal import CGit2

/// The SHA-1 id of an object, 20 bytes.
public struct ObjectID: Sendable, Hashable {
    // Two and a half words compare and hash faster than an array and need no
    // allocation; they are big-endian, so that they compare as the hexadecimal
    // digits do.
    private let head: UInt64
    private let middle: UInt64
    private let tail: UInt32

    /// All zeros: git's "no object".
    public static let zero = ObjectID(head: 0, middle: 0, tail: 0)

    /// The tree without entries, which exists in every repository.
    public static let emptyTree = ObjectID(
        head: 0x4b82_5dc6_42cb_6eb9, middle: 0xa060_e54b_f8d6_9288, tail: 0xfbee_4904)

    private init(head: UInt64, middle: UInt64, tail: UInt32) {
        self.head = head
        self.middle = middle
        self.tail = tail
    }

    /// Parses exactly 40 hexadecimal digits; `nil` for anything else.
    public init?(hex: some StringProtocol) {
        self.init(hex: Array(hex.utf8))
    }

    /// Parses exactly 40 hexadecimal digits; `nil` for anything else.
    public init?(hex: [UInt8]) {
        self.init(hex: hex[...])
    }

    /// Parses exactly 40 hexadecimal digits; `nil` for anything else.
    init?(hex: ArraySlice<UInt8>) {
        guard hex.count == Self.hexLength else { return nil }
        var (head, middle, tail) = (UInt64(0), UInt64(0), UInt32(0))
        for (index, digit) in hex.enumerated() {
            guard let value = Hex.value(digit) else { return nil }
            switch index {
            case 0..<16: head = head << 4 | UInt64(value)
            case 16..<32: middle = middle << 4 | UInt64(value)
            default: tail = tail << 4 | UInt32(value)
            }
        }
        self.init(head: head, middle: middle, tail: tail)
    }

    static let length = 20
    static let hexLength = 40

    /// The 20 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.length)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: head >> UInt64(shift)))
        }
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: middle >> UInt64(shift)))
        }
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: tail >> UInt32(shift)))
        }
        return bytes
    }

    /// The 40 digits as ASCII bytes.
    var hexBytes: [UInt8] { Hex.digits(of: bytes) }

    /// Whether it is the id of no object.
    public var isZero: Bool { self == .zero }
}

extension ObjectID: CustomStringConvertible {
    /// The 40 digits.
    public var description: String { String(decoding: hexBytes, as: UTF8.self) }
}

extension ObjectID: Comparable {
    /// Compares the digits.
    public static func < (one: ObjectID, other: ObjectID) -> Bool {
        (one.head, one.middle, one.tail) < (other.head, other.middle, other.tail)
    }
}

extension ObjectID: Codable {
    /// Reads the 40 digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ObjectID(hex: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an object id: '\(text)'")
        }
        self = id
    }

    /// Writes the 40 digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension ObjectID {
    init(_ id: git_oid) {
        self = withUnsafeBytes(of: id.id) { bytes in
            ObjectID(
                head: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                middle: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                tail: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
        }
    }

    var raw: git_oid {
        var id = git_oid()
        withUnsafeMutableBytes(of: &id.id) { bytes in
            bytes.storeBytes(of: head.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: tail.bigEndian, toByteOffset: 16, as: UInt32.self)
        }
        return id
    }
}

extension ObjectID {
    /// Computes the id of a blob with these bytes, stored or not: `git
    /// hash-object`.
    ///
    /// - Throws: ``GitError``.
    public init(ofBlob bytes: some Sequence<UInt8>) throws {
        let bytes = Array(bytes)
        var id = git_oid()
        try Library.start()
        try bytes.withUnsafeBytes {
            _ = try check(
                git_odb_hash(&id, $0.baseAddress, $0.count, GIT_OBJECT_BLOB), "cannot name blob")
        }
        self.init(id)
    }

    /// Computes the id of a tree with these entries, stored or not.
    ///
    /// - Throws: ``GitError``.
    public init(ofTree entries: [TreeEntry]) throws {
        // A directory is sorted as if its name ended in a slash.
        func key(_ entry: TreeEntry) -> [UInt8] {
            entry.mode == .tree ? entry.name + [UInt8(ascii: "/")] : entry.name
        }
        var bytes: [UInt8] = []
        for entry in entries.sorted(by: { key($0).lexicographicallyPrecedes(key($1)) }) {
            bytes += Array("\(String(entry.mode.rawValue, radix: 8)) ".utf8)
            bytes += entry.name
            bytes.append(0)
            bytes += entry.id.bytes
        }
        var id = git_oid()
        try Library.start()
        try bytes.withUnsafeBytes {
            _ = try check(
                git_odb_hash(&id, $0.baseAddress, $0.count, GIT_OBJECT_TREE), "cannot name tree")
        }
        self.init(id)
    }
}
