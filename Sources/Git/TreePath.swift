/// A path in a tree: names joined by `/`, as bytes, since git does not require
/// UTF-8.
///
/// Any bytes are accepted here: a path that cannot exist is not found on
/// reading, and refused as a name on writing.
public struct TreePath: Sendable, Hashable {
    /// The names joined by `/`; empty for the tree itself.
    public let bytes: [UInt8]

    /// Creates a path from text.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Creates a path from its bytes in git.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The path of the tree itself.
    public static let root = TreePath(bytes: [])

    /// Returns the path of `name` in this one.
    public func appending(_ name: [UInt8]) -> TreePath {
        bytes.isEmpty ? TreePath(bytes: name) : TreePath(bytes: bytes + [Self.separator] + name)
    }

    /// Returns the path of `name` in this one.
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

    /// Returns whether the path is `other` or lies below it.
    public func isWithin(_ other: TreePath) -> Bool {
        guard !other.bytes.isEmpty, bytes != other.bytes else { return true }
        return bytes.count > other.bytes.count && bytes.starts(with: other.bytes)
            && bytes[other.bytes.count] == Self.separator
    }

    private static let separator = UInt8(ascii: "/")
}

extension TreePath {
    /// The maximum number of bytes of a file name (`NAME_MAX`).
    public static let longestName = 255

    /// Returns whether a symbolic link can have this target: not empty, without
    /// a zero byte, and shorter than `PATH_MAX`. A tree can hold any target.
    public static func isLinkTarget(_ target: [UInt8]) -> Bool {
        !target.isEmpty && target.count < 4096 && !target.contains(0)
    }
}

extension TreePath: ExpressibleByStringLiteral {
    /// Creates a path from text.
    public init(stringLiteral text: String) {
        self.init(text)
    }
}

extension TreePath: CustomStringConvertible {
    /// The path for display: bytes that are not UTF-8 are replaced.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension TreePath: Comparable {
    /// Compares the bytes.
    public static func < (one: TreePath, other: TreePath) -> Bool {
        one.bytes.lexicographicallyPrecedes(other.bytes)
    }
}
