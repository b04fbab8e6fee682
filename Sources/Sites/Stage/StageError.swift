/// A stage cannot be had, or must not be trusted.
package struct StageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: Sendable, Hashable {
        /// There is nothing at the source.
        case notFound
        /// The source is of a kind that cannot be read.
        case unsupported
        /// The source could not be fetched.
        case fetch
        /// A key is pinned and there is no signature.
        case notSigned
        /// The signature does not fit the file, or cannot be checked.
        case badSignature
        /// The signature is good, its key is not the pinned one.
        case otherKey
        /// The signature, or the key that made it, has expired.
        case expired
        /// The key was revoked by its owner.
        case revoked
        /// The content is not what a digest says.
        case digestMismatch
        /// The content is not what `config/zentoo.lock` says.
        case lockMismatch
        /// It is larger than a stage may be.
        case tooLarge
        /// The archive could not be unpacked.
        case unpack
        /// What was unpacked is no root file system.
        case notARoot
        /// No such stage is in the store.
        case absent
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
