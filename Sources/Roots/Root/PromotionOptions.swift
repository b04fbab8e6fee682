package import Sites

/// How a person wants a root's changes carried back.
package struct PromotionOptions: Sendable, Hashable {
    /// The message of the commits; nil for those of the root.
    package var message: String?
    /// Another portage branch that gets what belongs to one, a new one or one
    /// that exists.
    package var portage: ZentooName?
    /// Whether the site gets a new package set, and not the portage branch.
    package var newSetsToSite: Bool
    /// Say what would be done, and do nothing.
    package var dryRun: Bool

    /// The usual way.
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
