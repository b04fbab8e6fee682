/// Maps a file of a tuple commit back to the branch file it was composed from.
package enum InputPath {
    /// Returns the paths that a file of the composed tree may come from, in any
    /// of the branches; empty for a file that git-zentoo generates.
    package static func sources(of path: String) -> [String] {
        switch path {
        case "stage": return ["config/zentoo.lock", "config/stages", "config/tuples"]
        case "repos": return ["config/zentoo.lock", "config/repos"]
        case "options": return ["config/tuples"]
        default: break
        }
        if let rest = path.removing("buildhooks/") { return [rest] }
        guard let rest = path.removing("etc/portage/") else { return [] }
        if let name = rest.removing("make.conf/10-") { return ["config/cpu/\(name)"] }
        if let name = rest.removing("make.conf/50-") {
            return name == "make.conf" ? ["make.conf"] : ["make.conf/\(name)"]
        }
        if rest.removing("make.conf/90-") != nil { return [] }
        if let name = rest.removing("sets/") { return [rest, "config/portage/sets/\(name)"] }
        return [rest]
    }

    /// Returns the tuple input that a file of the composed tree belongs to.
    package static func input(of path: String) -> TupleInput {
        switch path {
        case "stage": return .stage
        case "repos": return .repositories
        case "options": return .options
        case "tuple", "format": return .format
        default: break
        }
        if path.hasPrefix("buildhooks/") { return .buildhooks }
        if path.hasPrefix("etc/portage/make.conf/10-") { return .cpu }
        if path.hasPrefix("etc/portage/make.conf/90-") { return .format }
        return path.hasPrefix("etc/portage/sets/") ? .packages : .portage
    }
}

/// The inputs of a tuple.
package enum TupleInput: String, Sendable, Hashable, Codable, CaseIterable {
    /// The cpu's fragment.
    case cpu
    /// The portage branch.
    case portage
    /// The buildhooks branch.
    case buildhooks
    /// The package sets.
    case packages
    /// The stage.
    case stage
    /// The revisions of the ebuild repositories.
    case repositories
    /// The options in `config/tuples`.
    case options
    /// The parts that git-zentoo itself adds.
    case format
}

extension InputChange {
    /// The input that the file belongs to.
    package var input: TupleInput { InputPath.input(of: change.path) }
}

extension String {
    /// Returns the rest after a prefix; nil if the prefix is missing.
    fileprivate func removing(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
