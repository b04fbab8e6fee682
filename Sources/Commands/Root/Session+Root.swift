internal import Builds
internal import Git
internal import Sites

extension Session {
    /// Returns a root's branch and the site it was created from: the one named
    /// with `--site`, else the one that its history shows.
    ///
    /// - Throws: `ZentooError`, `GitError`.
    func root(named text: String, _ options: SiteOptions) throws -> (root: RootBranch, site: Site) {
        let root = try RootBranch(ZentooName(text), in: repository)
        let name =
            try options.name == nil
            ? root.site(
                among: sites(), preferred: siteName, remote: settings.remote(of: siteName),
                in: repository)
            : siteName
        let site = try Site(name, in: repository, remote: settings.remote(of: name))
        return (root, site)
    }
}
