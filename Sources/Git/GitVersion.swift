/// A version of git(1).
public struct GitVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number.
    public let major: Int
    /// The second number.
    public let minor: Int

    /// The oldest supported version: `maintenance run --auto` came with 2.29,
    /// signing with SSH keys with 2.34.
    public static let minimum = GitVersion(major: 2, minor: 34)

    /// Creates a version from its numbers.
    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Parses the output of `git --version`, `git version 2.39.5`.
    public init?(output: String) {
        guard let last = output.split(separator: " ").dropFirst(2).first else { return nil }
        let numbers = last.split(separator: ".").prefix(2).map { Int($0) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else {
            return nil
        }
        self.init(major: major, minor: minor)
    }

    /// Compares the numbers in order.
    public static func < (one: GitVersion, other: GitVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    /// The version as git writes it, without the parts after the second number.
    public var description: String { "\(major).\(minor)" }
}
