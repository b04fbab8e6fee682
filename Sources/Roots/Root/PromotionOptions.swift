package import Sites

/// The options of a promotion.
package struct PromotionOptions: Sendable, Hashable {
    /// The message of the commits; nil to use those of the root's commits.
    package var message: String?
    /// The portage branch to promote to instead of the tuple's, new or
    /// existing.
    package var portage: ZentooName?
    /// Whether a new package set goes to the site instead of the portage
    /// branch.
    package var newSetsToSite: Bool
    /// Whether to only report what would be done.
    package var dryRun: Bool

    /// Creates options; by default the usual ones.
    package init(
        message: String? = nil, portage: ZentooName? = nil, newSetsToSite: Bool = false,
        dryRun: Bool = false
    ) {
        self.message = message
        self.portage = portage
        self.newSetsToSite = newSetsToSite
        self.dryRun = dryRun
    }
}
