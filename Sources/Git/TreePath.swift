/// Where something is in a tree: names joined by `/`, as bytes, since git does
/// not ask for UTF-8.
///
/// Any bytes are accepted here: a path that cannot exist is merely not found
/// when one reads, and refused by name when one writes.
public struct TreePath: Sendable, Hashable {
    /// The names joined by `/`; empty for the tree itself.
    public let bytes: [UInt8]

    /// A path as it is written.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// A path as git stores it.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The tree itself.
    public static let root = TreePath(bytes: [])

    /// The path of `name` in this one.
    public func appending(_ name: [UInt8]) -> TreePath {
        bytes.isEmpty ? TreePath(bytes: name) : TreePath(bytes: bytes + [Self.separator] + name)
    }

    /// The path of `name` in this one.
    public func appending(_ name: String) -> TreePath {
        appending(Array(name.utf8))
    }

    /// The names, outermost first.
    public var components: [[UInt8]] {
        bytes.isEmpty
            ? []
            : bytes.split(separator: Self.separator, omittingEmptySubsequences: false)
                .map(Array.init)
    }

    /// Whether it is `other` or lies beneath it.
    public func isWithin(_ other: TreePath) -> Bool {
        guard !other.bytes.isEmpty, bytes != other.bytes else { return true }
        return bytes.count > other.bytes.count && bytes.starts(with: other.bytes)
            && bytes[other.bytes.count] == Self.separator
    }

    private static let separator = UInt8(ascii: "/")
}

extension TreePath {
    /// The most bytes that file systems take for a name (`NAME_MAX`).
    public static let longestName = 255

    /// Whether a symbolic link can have this target: not empty, without a zero byte,
    /// and shorter than `PATH_MAX`. A tree can hold any.
    public static func isLinkTarget(_ target: [UInt8]) -> Bool {
        !target.isEmpty && target.count < 4096 && !target.contains(0)
    }
}

extension TreePath: ExpressibleByStringLiteral {
    /// A path as it is written.
    public init(stringLiteral text: String) {
        self.init(text)
    }
}

extension TreePath: CustomStringConvertible {
    /// For people: bytes that are not UTF-8 are replaced.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension TreePath: Comparable {
    /// The order of the bytes.
    public static func < (one: TreePath, other: TreePath) -> Bool {
        one.bytes.lexicographicallyPrecedes(other.bytes)
    }
}
