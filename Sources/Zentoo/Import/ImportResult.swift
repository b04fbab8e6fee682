/// What came of importing a directory.
public struct ImportResult: Sendable, Hashable, Codable {
    /// The branch.
    public var branch: String
    /// Its commit now.
    public var commit: String
    /// Whether that is a new one.
    public var isChanged: Bool
    /// Whether the branch is new.
    public var isNew: Bool
    /// How many files and links it has.
    public var files: Int
    /// What changed in a branch that was there: `git diff --stat`.
    public var statistics: [String] = []
    /// What the branch does not keep of the directory.
    public var losses: [ImportLoss]
    /// What should not be in a repository.
    public var secrets: [Secret]
    /// What moved to a cpu, when that was asked for.
    public var cpu: CPUResult?
    /// What is wrong with the branch, and with the cpu that was made.
    public var mistakes: [Mistake]

    /// What moved to a cpu.
    public struct CPUResult: Sendable, Hashable, Codable {
        /// The cpu.
        public var name: String
        /// The commit that made `config/cpu/<name>`; nil when nothing moved,
        /// or the cpu said the same already.
        public var commit: String?
        /// What moved, as `git diff` shows it.
        public var difference: [String]
        /// What was left out, as it belongs to no branch: `make.conf:3 MAKEOPTS`.
        public var dropped: [String]
    }
}
