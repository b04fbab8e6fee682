/// Something of a directory that the branch made of it does not keep.
public struct ImportLoss: Sendable, Hashable, Codable {
    /// Where, in the branch.
    public let file: String
    /// What is lost, in words.
    public let message: String
    /// The line of the branch's `modes` that keeps it after all.
    public let modesLine: String?
}
