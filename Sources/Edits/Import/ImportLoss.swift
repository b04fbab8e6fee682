/// A property of an imported directory that the branch does not keep.
package struct ImportLoss: Sendable, Hashable, Codable {
    /// The path in the branch.
    package let file: String
    /// A description of what is lost.
    package let message: String
    /// The line of the branch's `modes` that would keep it, if there is one.
    package let modesLine: String?
}
