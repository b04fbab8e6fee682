internal import CGit2

/// The version of libgit2 that is loaded.
public struct LibraryVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number.
    public let major: Int
    /// The second number.
    public let minor: Int
    /// The third number.
    public let revision: Int

    /// Creates a version from its numbers.
    public init(major: Int, minor: Int, revision: Int = 0) {
        self.major = major
        self.minor = minor
        self.revision = revision
    }

    /// The oldest version that this program was tested with.
    public static let minimum = LibraryVersion(major: 1, minor: 5)

    /// The version that this process has loaded (`git_libgit2_version`).
    public static var current: LibraryVersion {
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        _ = git_libgit2_version(&major, &minor, &revision)
        return LibraryVersion(major: Int(major), minor: Int(minor), revision: Int(revision))
    }

    /// Compares the numbers in order.
    public static func < (one: LibraryVersion, other: LibraryVersion) -> Bool {
        (one.major, one.minor, one.revision) < (other.major, other.minor, other.revision)
    }

    /// The version as libgit2 writes it: `1.5.1`.
    public var description: String { "\(major).\(minor).\(revision)" }
}
