/// The result of comparing a stage with its state when it was unpacked.
package struct StageVerification: Sendable, Hashable, Codable {
    /// Whether every name, mode, owner, time, link, attribute and content is
    /// unchanged.
    package let isIntact: Bool
    /// The paths in the tree that were added, removed or changed, sorted. Can
    /// be empty despite a change: if a content changed without its size and
    /// time, the change is detected, but not its path.
    package let altered: [String]
}
