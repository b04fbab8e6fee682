internal import Files
internal import Git

/// Reads a package set and, recursively, the sets that it names.
struct SetReader {
    let portage: PortageBranch
    let site: Site
    let repositories: [ComposedRepository]
    private(set) var mistakes: [Mistake] = []
    private var done: Set<String> = []

    init(portage: PortageBranch, site: Site, repositories: [ComposedRepository]) {
        self.portage = portage
        self.site = site
        self.repositories = repositories
    }

    mutating func read(
        _ name: String, path: [String], found: (String, ObjectID) -> Void
    ) throws {
        guard done.insert(name).inserted else { return }
        let own = portage.sets[name]
        guard let entry = try own ?? site.siteSet(name) else { return }
        found(name, entry.id)
        let ref = own == nil ? site.shownRef : portage.shownRef
        let file = own == nil ? "\(CPUFragment.siteSets)/\(name)" : "sets/\(name)"
        let set = PackageSet(try site.repository.blob(entry.id))
        mistakes += set.invalid.map { word in
            Mistake(
                ref: ref, file: file, line: word.line,
                message: "'\(word.name)' is no package atom",
                hint: "write category/name, such as app-editors/vim, or @set")
        }
        for reference in set.references {
            func mistake(_ message: String, _ hint: String) {
                mistakes.append(
                    Mistake(
                        ref: ref, file: file, line: reference.line, message: message, hint: hint))
            }
            if PackageSet.builtIn.contains(reference.name) { continue }
            if reference.name == name || path.contains(reference.name) {
                let chain = (path + [name, reference.name]).map { "@\($0)" }
                mistake(
                    "set '\(reference.name)' names itself (\(chain.joined(separator: " > ")))",
                    "remove '@\(reference.name)' from one of them")
            } else if try portage.sets[reference.name] != nil
                || site.siteSet(reference.name) != nil
            {
                try read(reference.name, path: path + [name], found: found)
            } else if try !isDefinedByConf(reference.name) {
                mistake(
                    "unknown set '@\(reference.name)'",
                    "make \(CPUFragment.siteSets)/\(reference.name) on the site's branch, or "
                        + "sets/\(reference.name) on \(portage.shownRef)")
            }
        }
    }

    /// Returns whether the `sets.conf` of the branch or of an ebuild repository
    /// defines a set. If the pinned copy of a repository is not on this machine
    /// the set is assumed to exist, so that nothing is reported as a mistake
    /// that might be correct on another machine.
    private func isDefinedByConf(_ name: String) throws -> Bool {
        if portage.setsConf.names.contains(name) || !portage.setsConf.families.isEmpty {
            return true
        }
        return try repositories.contains { repository in
            guard let tree = site.state?.repository(repository.name, at: repository.revision),
                try FileStatus.of(tree, followingLinks: true)?.kind == .directory
            else { return true }
            return try SetsConf(ofRepositoryAt: tree)
                .mayDefine(name, of: repository.name, at: tree)
        }
    }
}
