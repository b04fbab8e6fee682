/// The two kinds of branch that sites share.
public enum BranchKind: String, Sendable, Hashable, Codable {
    /// `portage/<name>`.
    case portage
    /// `buildhooks/<name>`.
    case buildhooks

    /// The branch of a name, without `refs/heads/`.
    public func branch(_ name: ZentooName) -> String { "\(rawValue)/\(name)" }

    /// The name's part of a tuple.
    func name(in tuple: Tuple) -> ZentooName {
        switch self {
        case .portage: tuple.portage
        case .buildhooks: tuple.buildhooks
        }
    }

    func names(of parts: KnownParts) -> Set<ZentooName> {
        switch self {
        case .portage: parts.portages
        case .buildhooks: parts.buildhooks
        }
    }
}
