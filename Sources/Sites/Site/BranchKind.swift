/// The two kinds of branch that sites share.
package enum BranchKind: String, Sendable, Hashable, Codable {
    /// `portage/<name>`.
    case portage
    /// `buildhooks/<name>`.
    case buildhooks

    /// Returns the branch of a name, without `refs/heads/`.
    package func branch(_ name: ZentooName) -> String { "\(rawValue)/\(name)" }

    /// Returns the name of a tuple's branch of this kind.
    package func name(in tuple: Tuple) -> ZentooName {
        switch self {
        case .portage: tuple.portage
        case .buildhooks: tuple.buildhooks
        }
    }

    /// Returns the names of this kind among all names of a site.
    package func names(of parts: KnownParts) -> Set<ZentooName> {
        switch self {
        case .portage: parts.portages
        case .buildhooks: parts.buildhooks
        }
    }
}
