/// A build as a list of builds has it.
package struct BuildEntry: Sendable, Hashable, Codable {
    /// How it ended.
    package let result: BuildResult
    /// Its tag, without `refs/tags/`; nil when it was no success.
    package let tag: String?

    /// A build and its tag.
    package init(result: BuildResult, tag: String?) {
        self.result = result
        self.tag = tag
    }
}
