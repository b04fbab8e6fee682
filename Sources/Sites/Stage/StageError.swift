/// A stage is not available, or must not be trusted.
package struct StageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of errors.
    package enum Code: Sendable, Hashable {
        /// There is nothing at the source.
        case notFound
        /// The type of the source is not supported.
        case unsupported
        /// The source could not be fetched.
        case fetch
        /// A key is pinned but there is no signature.
        case notSigned
        /// The signature does not match the file, or cannot be checked.
        case badSignature
        /// The signature is good, but its key is not the pinned one.
        case otherKey
        /// The signature, or the key that made it, has expired.
        case expired
        /// The key was revoked by its owner.
        case revoked
        /// The content does not match a digest.
        case digestMismatch
        /// The content does not match `config/zentoo.lock`.
        case lockMismatch
        /// It exceeds the maximum size of a stage.
        case tooLarge
        /// The archive could not be unpacked.
        case unpack
        /// The unpacked content is not a root file system.
        case notARoot
        /// No such stage is in the store.
        case absent
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
