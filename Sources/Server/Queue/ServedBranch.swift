internal import Sites

/// A branch that decides what a server builds.
enum ServedBranch: Sendable, Hashable, Comparable {
    /// A site's branch.
    case site(ZentooName)
    /// `portage/<name>`.
    case portage(ZentooName)
    /// `buildhooks/<name>`.
    case buildhooks(ZentooName)

    /// Creates a value from a name without `refs/heads/`; nil when the branch
    /// does not affect builds.
    init?(branch: String, sites: [ZentooName]) {
        if let site = sites.first(where: { $0.text == branch }) {
            self = .site(site)
        } else if let part = BranchKind.part(branch) {
            self = part.kind == .portage ? .portage(part.name) : .buildhooks(part.name)
        } else {
            return nil
        }
    }

    /// The name without `refs/heads/`.
    var branch: String {
        switch self {
        case .site(let name): name.text
        case .portage(let name): "\(PortageBranch.prefix)/\(name)"
        case .buildhooks(let name): "\(BuildhooksBranch.prefix)/\(name)"
        }
    }

    /// Whether a tuple is composed of it; always true for a site.
    func isPart(of tuple: Tuple) -> Bool {
        switch self {
        case .site: true
        case .portage(let name): tuple.portage == name
        case .buildhooks(let name): tuple.buildhooks == name
        }
    }
}
