/// All that is known about a build.
public struct BuildReport: Sendable, Hashable, Codable {
    /// How it ended.
    public let result: BuildResult
    /// Its tag, without `refs/tags/`; nil when it was no success.
    public let tag: String?
    /// The packages its result consists of, sorted; those a failed build made
    /// before it failed.
    public let packages: [RecordedPackage]
}
