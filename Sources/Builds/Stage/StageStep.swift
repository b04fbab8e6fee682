/// What adding a stage is at, for those who wait.
package enum StageStep: Sendable, Hashable {
    /// Copying or downloading it.
    case fetching
    /// Laying the layers of an image over each other.
    case layering
    /// Comparing digests, checking the signature.
    case checking
    /// Unpacking the archive.
    case unpacking
}
