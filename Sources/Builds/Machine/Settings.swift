package import Git
package import Sites
package import SystemPackage

/// The settings of one repository on one machine, from git's configuration.
package struct Settings: Sendable {
    /// `zentoo.site`: the sites of the repository; if there are none, the HEAD
    /// branch is the only one.
    package let sites: [String]
    /// `zentoo.engine`.
    package let engine: String
    /// `zentoo.state`, `zentoo.pool` and `zentoo.distdir`.
    package let state: StateDirectory
    /// `zentoo.defaultTuple`.
    package let defaultTuple: String?
    /// `zentoo.jobs`.
    package let jobs: Int?
    /// `zentoo.distcc`: the `distcc=` value of tuples that do not specify it.
    package let compilers: Int
    /// `zentoo.ccache`: whether compilations are cached.
    package let keepsCompilations: Bool
    /// `zentoo.testedPortage`: lines of `merge_tested.txt` for further versions
    /// of Portage with which the native merge was tested.
    package let testedPortages: [String]
    /// `zentoo.sign`, else `tag.gpgSign`.
    package let signs: Bool
    /// `zentoo.maxStageSize`: the maximum size in bytes of a stage's
    /// archive, both fetched and unpacked.
    package let largestStage: Int64
    /// `zentoo.<name>.source`: the path of a stage or repository on this
    /// machine.
    package let sources: [String: FilePath]
    /// `branch.<name>.remote`, by branch.
    private let remotes: [String: String]
    private let onlyRemote: String?

    /// The key of ``largestStage-swift.property``.
    static let largestStageKey = "zentoo.maxStageSize"
    /// A desktop stage with compilers unpacks to a third of this.
    package static let largestStage: Int64 = 32 << 30

    /// Reads the settings.
    ///
    /// - Throws: `GitError` or ``ZentooError`` if a value is not valid for its
    ///   key.
    package init(_ configuration: Configuration, repository: Repository) throws {
        sites = configuration.strings("zentoo.site")
        engine = configuration.string("zentoo.engine") ?? "local"
        state = StateDirectory(
            path: try configuration.path("zentoo.state").map { FilePath($0) }
                ?? Self.standardState(of: repository),
            pool: try configuration.path("zentoo.pool").map { FilePath($0) },
            distfiles: try configuration.path("zentoo.distdir").map { FilePath($0) })
        defaultTuple = configuration.string("zentoo.defaultTuple")
        jobs = try configuration.int("zentoo.jobs").map { Int($0) }
        compilers = Int(try configuration.int("zentoo.distcc") ?? 0)
        guard (0...TupleOptions.mostCompilers).contains(compilers) else {
            throw ZentooError(
                .unsupported, "\(compilers) is no value of zentoo.distcc",
                hints: ["git config zentoo.distcc NUMBER, at most \(TupleOptions.mostCompilers)"])
        }
        keepsCompilations = try configuration.bool("zentoo.ccache") ?? false
        testedPortages = configuration.strings(Self.testedPortageKey)
        for line in testedPortages where !Self.isTestedPortage(line) {
            throw ZentooError(
                .unsupported, "'\(line)' is no value of \(Self.testedPortageKey)",
                hints: ["write the line that 'Tests/Merge/check.py --new-portage' prints"])
        }
        largestStage =
            try configuration.int(Self.largestStageKey).map { Int64($0) } ?? Self.largestStage
        guard largestStage > 0 else {
            throw ZentooError(
                .unsupported, "\(largestStage) is no value of \(Self.largestStageKey)",
                hints: ["git config \(Self.largestStageKey) 32g"])
        }
        signs =
            try configuration.bool("zentoo.sign") ?? configuration.bool("tag.gpgSign") ?? false
        var sources: [String: FilePath] = [:]
        for name in configuration.subsections(of: "zentoo") {
            if let path = try configuration.path("zentoo.\(name).source") {
                sources[name] = FilePath(path)
            }
        }
        self.sources = sources
        var remotes: [String: String] = [:]
        for branch in configuration.subsections(of: "branch") {
            remotes[branch] = configuration.string("branch.\(branch).remote")
        }
        self.remotes = remotes
        let all = configuration.subsections(of: "remote")
        onlyRemote = all.count == 1 ? all[0] : all.first { $0 == "origin" }
    }

    private static let testedPortageKey = "zentoo.testedPortage"

    /// `version digest`.
    private static func isTestedPortage(_ line: String) -> Bool {
        let words = line.split(separator: " ")
        return words.count == 2 && !line.contains("\n") && SHA256Digest(String(words[1])) != nil
    }

    /// Returns the remote whose branches replace missing local ones of a site.
    package func remote(of site: ZentooName) -> String? { remotes[site.text] ?? onlyRemote }

    /// Returns the sites that a server builds: those configured, else the HEAD
    /// branch. Invalid site names are left out.
    ///
    /// - Throws: `GitError`.
    package func served(in repository: Repository) throws -> [ZentooName] {
        var names = sites
        if names.isEmpty, case .branch(let head) = try repository.head() {
            names = [head.branchName].compactMap(\.self)
        }
        return names.compactMap { try? ZentooName($0) }
    }

    /// Returns the branch that HEAD names if it does not exist and no site is
    /// configured: a server with such a HEAD serves no site.
    ///
    /// - Throws: `GitError`.
    package func absentSite(in repository: Repository) throws -> String? {
        guard sites.isEmpty, case .branch(let head) = try repository.head(),
            try repository.resolve(head) == nil
        else { return nil }
        return head.branchName
    }

    /// Returns the requested site: the one named, else the branch of HEAD, else the
    /// only one. A HEAD on a branch that is not a site, such as `portage/base`, is
    /// treated like a detached one.
    ///
    /// - Throws: ``ZentooError`` if several sites are possible, or none is.
    package func site(named name: String?, in repository: Repository) throws -> ZentooName {
        if let name { return try ZentooName(name) }
        var head: String?
        if case .branch(let reference) = try repository.head() { head = reference.branchName }
        if sites.isEmpty, let head, let name = try? ZentooName(head) { return name }
        let sites = try sites.isEmpty ? Self.siteBranches(of: repository) : sites
        if let head, sites.contains(head) { return try ZentooName(head) }
        guard let only = sites.first else {
            let place = head.map { "on '\($0)', which is no site" } ?? "on no branch"
            throw ZentooError(
                .notFound, "HEAD is \(place), and no branch has 'config/tuples'",
                hints: ["name a site with --site, or 'git config zentoo.site BRANCH'"])
        }
        guard sites.count == 1 else {
            throw ZentooError(
                .ambiguous, "the repository has \(sites.count) sites",
                hints: ["name one with --site: \(sites.joined(separator: ", "))"])
        }
        return try ZentooName(only)
    }

    /// The local branches that describe a network, by name.
    private static func siteBranches(of repository: Repository) throws -> [String] {
        try repository.references(under: "refs/heads/").compactMap { name, commit in
            guard let branch = name.branchName, (try? ZentooName(branch)) != nil,
                try repository.entry(
                    in: repository.tree(ofCommit: commit), TreePath(TuplesFile.path))
                    != nil
            else { return nil }
            return branch
        }
    }

    private static func standardState(of repository: Repository) -> FilePath {
        guard repository.isBare else { return repository.commonDirectory.appending("zentoo") }
        let name = repository.gitDirectory.lastComponent?.stem ?? "repository"
        return FilePath("/var/lib/zentoo").appending(name)
    }
}
