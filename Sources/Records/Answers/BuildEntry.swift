/// A build as an entry of a list.
package struct BuildEntry: Sendable, Hashable, Codable {
    /// The result.
    package let result: BuildResult
    /// The tag, without `refs/tags/`; nil unless the build succeeded.
    package let tag: String?

    /// Creates an entry from a build and its tag.
    package init(result: BuildResult, tag: String?) {
        self.result = result
        self.tag = tag
    }
}
