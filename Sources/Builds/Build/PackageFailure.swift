/// A package that failed in a build.
package struct PackageFailure: Sendable, Hashable, Codable {
    /// `category/package-version`.
    package let package: String
    /// The phase of its ebuild.
    package let phase: String
}
