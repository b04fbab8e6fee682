/// Something the user asked for cannot be done.
package struct ZentooError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of obstacle it is.
    package enum Code: Sendable, Hashable {
        /// A name breaks the rules for names.
        case invalidName
        /// Something named does not exist.
        case notFound
        /// Something exists already.
        case exists
        /// A name can mean more than one thing.
        case ambiguous
        /// The site's files contradict themselves; see ``ZentooError/mistakes``.
        case mistakes
        /// The state on disk is not what it should be.
        case damaged
        /// Somebody else is at it, or something changed meanwhile.
        case busy
        /// The thing cannot be done this way.
        case unsupported
        /// Portage cannot do what a tuple asks, and will not until it asks for
        /// something else.
        case unbuildable
        /// A build, or a part of it, failed.
        case failed
    }

    /// What kind of obstacle it is.
    package let code: Code
    /// What is wrong, in one line, in git's wording.
    package let message: String
    /// What to type or change, one hint a line.
    package let hints: [String]
    /// All that is wrong with the site's files.
    package let mistakes: [Mistake]

    /// An obstacle with the way round it.
    package init(
        _ code: Code, _ message: String, hints: [String] = [], mistakes: [Mistake] = []
    ) {
        self.code = code
        self.message = message
        self.hints = hints
        self.mistakes = mistakes
    }

    /// The message alone; hints are shown apart.
    package var description: String { message }
}
