/// An error that prevents what the user requested.
package struct ZentooError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of errors.
    package enum Code: Sendable, Hashable {
        /// A name violates the rules for names.
        case invalidName
        /// Something named does not exist.
        case notFound
        /// Something already exists.
        case exists
        /// A name can mean more than one thing.
        case ambiguous
        /// The site's files are invalid or contradictory; see
        /// ``ZentooError/mistakes``.
        case mistakes
        /// The state on disk is damaged.
        case damaged
        /// Something is in use, or changed meanwhile.
        case busy
        /// The operation is not possible this way.
        case unsupported
        /// Portage cannot build what a tuple requests; repeating the build does
        /// not help until the tuple changes.
        case unbuildable
        /// A build, or a part of it, failed.
        case failed
    }

    /// The kind of error.
    package let code: Code
    /// The description of the error, in one line, in git's wording.
    package let message: String
    /// The commands to type or settings to change, one hint per line.
    package let hints: [String]
    /// All mistakes in the site's files.
    package let mistakes: [Mistake]

    /// Creates an error with hints for fixing it.
    package init(
        _ code: Code, _ message: String, hints: [String] = [], mistakes: [Mistake] = []
    ) {
        self.code = code
        self.message = message
        self.hints = hints
        self.mistakes = mistakes
    }

    /// The message alone; hints are shown separately.
    package var description: String { message }
}
