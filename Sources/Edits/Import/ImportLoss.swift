/// Something of a directory that the branch made of it does not keep.
package struct ImportLoss: Sendable, Hashable, Codable {
    /// Where, in the branch.
    package let file: String
    /// What is lost, in words.
    package let message: String
    /// The line of the branch's `modes` that keeps it after all.
    package let modesLine: String?
}
