/// An ebuild repository cannot be had at the revision asked for.
package struct RepositoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: Sendable, Hashable {
        /// There is nothing at the source.
        case notFound
        /// The source is written wrong.
        case invalidSource
        /// git could not fetch it.
        case fetch
        /// The source does not have the revision any more, or never had.
        case noRevision
        /// The directory's content is not the pinned one.
        case contentMismatch
        /// What lies there is no ebuild repository.
        case notARepository
        /// It calls itself by another name.
        case otherName
    }

    /// What is wrong.
    package let code: Code
    /// The same in one line, in git's wording.
    package let message: String
    /// What to type or change, one hint a line.
    package let hints: [String]

    /// An error with a message in git's wording, and what to type or change.
    package init(_ code: Code, _ message: String, hints: [String] = []) {
        self.code = code
        self.message = message
        self.hints = hints
    }

    /// The message alone; hints are shown apart.
    package var description: String { message }
}
