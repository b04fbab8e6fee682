/// Everything that is recorded about a build.
package struct BuildReport: Sendable, Hashable, Codable {
    /// The result.
    package let result: BuildResult
    /// The tag, without `refs/tags/`; nil unless the build succeeded.
    package let tag: String?
    /// The packages of its result, sorted; for a failed build, those it made
    /// before it failed.
    package let packages: [RecordedPackage]
}
