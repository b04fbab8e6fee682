package import Sites

/// The result of importing a directory.
package struct ImportResult: Sendable, Hashable, Codable {
    /// The name of the branch.
    package var branch: String
    /// Its commit after the import.
    package var commit: String
    /// Whether the import created that commit.
    package var isChanged: Bool
    /// Whether the branch is new.
    package var isNew: Bool
    /// The number of files and symbolic links in it.
    package var files: Int
    /// The changes to an existing branch, as lines of `git diff --stat`.
    package var statistics: [String] = []
    /// The properties of the directory that the branch does not keep.
    package var losses: [ImportLoss]
    /// The secrets found, which should not be in a repository.
    package var secrets: [Secret]
    /// The settings moved to a cpu, if that was requested.
    package var cpu: CPUResult?
    /// The mistakes in the branch, and in the cpu that was created.
    package var mistakes: [Mistake]

    /// The settings moved to a cpu.
    package struct CPUResult: Sendable, Hashable, Codable {
        /// The name of the cpu.
        package var name: String
        /// Whether there were lines that belong to a cpu.
        package var isMoved = false
        /// The commit that created `config/cpu/<name>`; nil when nothing was
        /// moved or the cpu already had the same content.
        package var commit: String?
        /// The changes, as lines of `git diff`.
        package var difference: [String]
        /// The lines left out because they belong to no branch, such as
        /// `make.conf:3: MAKEOPTS`.
        package var dropped: [String]
    }
}
