/// An ebuild repository is not available at the requested revision.
package struct RepositoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of errors.
    package enum Code: Sendable, Hashable {
        /// There is nothing at the source.
        case notFound
        /// The syntax of the source is invalid.
        case invalidSource
        /// git could not fetch it.
        case fetch
        /// The source does not have the revision, or no longer has it.
        case noRevision
        /// The directory's content is not the pinned one.
        case contentMismatch
        /// The content is not an ebuild repository.
        case notARepository
        /// The repository has another name.
        case otherName
    }

    /// The kind of error.
    package let code: Code
    /// The description of the error, in one line, in git's wording.
    package let message: String
    /// The commands to type or settings to change, one hint per line.
    package let hints: [String]

    /// Creates an error with hints for fixing it.
    package init(_ code: Code, _ message: String, hints: [String] = []) {
        self.code = code
        self.message = message
        self.hints = hints
    }

    /// The message alone; hints are shown separately.
    package var description: String { message }
}
