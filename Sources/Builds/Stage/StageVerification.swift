/// Whether an unpacked stage is still what was unpacked.
package struct StageVerification: Sendable, Hashable, Codable {
    /// Whether every name, mode, owner, time, link, attribute and content is
    /// as it was.
    package let isIntact: Bool
    /// Paths in the tree that came, went or changed, sorted. May be empty
    /// though something changed: a content changed with its size and time
    /// kept is known of, not where it is.
    package let altered: [String]
}
