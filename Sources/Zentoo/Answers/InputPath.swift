/// From a file of a tuple commit back to the file of the branch it was made
/// of.
enum InputPath {
    /// The paths that a file of the composed tree may come from, in the branch
    /// or branches it may come from; none for a file of our own making.
    static func sources(of path: String) -> [String] {
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
}

extension String {
    /// What follows a prefix; nil without it.
    fileprivate func removing(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
