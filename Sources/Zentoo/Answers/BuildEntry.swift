/// A build as a list of builds has it.
public struct BuildEntry: Sendable, Hashable, Codable {
    /// How it ended.
    public let result: BuildResult
    /// Its tag, without `refs/tags/`; nil when it was no success.
    public let tag: String?

    /// A build and its tag.
    public init(result: BuildResult, tag: String?) {
        self.result = result
        self.tag = tag
    }
}
