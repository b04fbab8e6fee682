/// The steps of adding a stage, for display.
package enum StageStep: Sendable, Hashable {
    /// Copying or downloading it.
    case fetching
    /// Applying the layers of an image.
    case layering
    /// Comparing digests and checking the signature.
    case checking
    /// Unpacking the archive.
    case unpacking
}
