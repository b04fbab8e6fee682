package import Sites

/// What came of importing a directory.
package struct ImportResult: Sendable, Hashable, Codable {
    /// The branch.
    package var branch: String
    /// Its commit now.
    package var commit: String
    /// Whether that is a new one.
    package var isChanged: Bool
    /// Whether the branch is new.
    package var isNew: Bool
    /// How many files and links it has.
    package var files: Int
    /// What changed in a branch that was there: `git diff --stat`.
    package var statistics: [String] = []
    /// What the branch does not keep of the directory.
    package var losses: [ImportLoss]
    /// What should not be in a repository.
    package var secrets: [Secret]
    /// What moved to a cpu, when that was asked for.
    package var cpu: CPUResult?
    /// What is wrong with the branch, and with the cpu that was made.
    package var mistakes: [Mistake]

    /// What moved to a cpu.
    package struct CPUResult: Sendable, Hashable, Codable {
        /// The cpu.
        package var name: String
        /// Whether there were lines that belong to a cpu.
        package var isMoved = false
        /// The commit that made `config/cpu/<name>`; nil when nothing moved,
        /// or the cpu said the same already.
        package var commit: String?
        /// What moved, as `git diff` shows it.
        package var difference: [String]
        /// What was left out, as it belongs to no branch: `make.conf:3 MAKEOPTS`.
        package var dropped: [String]
    }
}
