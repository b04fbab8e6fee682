/// All that is known about a build.
package struct BuildReport: Sendable, Hashable, Codable {
    /// How it ended.
    package let result: BuildResult
    /// Its tag, without `refs/tags/`; nil when it was no success.
    package let tag: String?
    /// The packages its result consists of, sorted; those a failed build made
    /// before it failed.
    package let packages: [RecordedPackage]
}
