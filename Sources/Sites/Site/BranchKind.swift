/// The two kinds of branch that sites share.
package enum BranchKind: String, Sendable, Hashable, Codable {
    /// `portage/<name>`.
    case portage
    /// `buildhooks/<name>`.
    case buildhooks

    /// The branch of a name, without `refs/heads/`.
    package func branch(_ name: ZentooName) -> String { "\(rawValue)/\(name)" }

    /// The name's part of a tuple.
    package func name(in tuple: Tuple) -> ZentooName {
        switch self {
        case .portage: tuple.portage
        case .buildhooks: tuple.buildhooks
        }
    }

    /// The names of this kind among all that a site knows.
    package func names(of parts: KnownParts) -> Set<ZentooName> {
        switch self {
        case .portage: parts.portages
        case .buildhooks: parts.buildhooks
        }
    }
}
