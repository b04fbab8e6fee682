internal import Files
internal import Git
package import Records
package import Sites
internal import SystemPackage

/// The stages of a repository's sites, and their state on this machine.
package struct StageSurvey {
    /// The requested site, then the others of the repository.
    let sites: [Site]
    let store: StageStore
    let state: StateDirectory

    /// Creates a survey of the stages of `site`.
    ///
    /// - Parameter others: the repository's other sites, which may use the
    ///   same stages.
    package init(_ site: Site, others: [Site], store: StageStore, state: StateDirectory) {
        sites = [site] + others
        self.store = store
        self.state = state
    }

    /// Returns the stages of the site's file in its order, then those in the
    /// store that are no longer pinned.
    ///
    /// - Throws: `FileError`.
    package func list() throws -> [StageState] {
        let site = sites[0]
        let listed = try site.stages.map { entry in
            let locked = site.lock.stages[entry.name]
            let info = locked.flatMap { store.info(of: $0.digest) }
            return StageState(
                name: entry.name.text, source: "\(entry.source)", digest: locked?.digest,
                verifiedBy: locked?.key ?? info?.pin.verifiedBy, isHere: info != nil,
                isInPool: try locked.map { try isInPool($0.digest) } ?? false, isListed: true,
                tuples: Self.tuples(of: entry.name, in: site).map(\.text))
        }
        let pinned = Set(sites.flatMap { $0.lock.stages.values.map(\.digest) })
        let stored = try store.list().filter { !pinned.contains($0.pin.digest) }.map { info in
            try StageState(
                name: info.name.text, source: info.source, digest: info.pin.digest,
                verifiedBy: info.pin.verifiedBy, isHere: true,
                isInPool: isInPool(info.pin.digest), isListed: false, tuples: [])
        }
        return listed + stored
    }

    /// Returns the stage that a user names: by its name in the site's file, or,
    /// if it is no longer pinned, by the beginning of its digest.
    ///
    /// - Throws: ``ZentooError``: `notFound`, or `ambiguous`.
    package func stage(named text: String) throws -> StageState {
        let all = try list()
        if let listed = all.first(where: { $0.isListed && $0.name == text }) { return listed }
        let bare = text.hasPrefix("sha256:") ? String(text.dropFirst("sha256:".count)) : text
        let fitting =
            bare.utf8.count >= Whence.shortestPrefix
            ? all.filter { $0.digest?.description.hasPrefix(bare) ?? false } : []
        guard fitting.count < 2 else {
            throw ZentooError(
                .ambiguous, "stage '\(text)' is ambiguous",
                hints: fitting.compactMap { $0.digest?.description })
        }
        guard let only = fitting.first else {
            throw ZentooError(
                .notFound, "stage '\(text)' is neither in \(StagesFile.path) nor unpacked here",
                hints: ["'git zentoo stage list' lists the stages"])
        }
        return only
    }

    /// Returns the users of a stage: tuples of any site, roots, kept roots;
    /// each in a word or two, sorted.
    ///
    /// - Throws: `GitError`, `FileError`.
    package func users(of stage: StageState) throws -> [String] {
        var users: [String] = []
        for site in sites {
            for (name, locked) in site.lock.stages where locked.digest == stage.digest {
                users += Self.tuples(of: name, in: site).map { "tuple '\($0)' of \(site.name)" }
            }
        }
        if users.isEmpty { users = stage.tuples.map { "tuple '\($0)' of \(sites[0].name)" } }
        guard let digest = stage.digest else { return users.sorted() }
        let repository = sites[0].repository
        for (reference, commit) in try repository.references(under: "refs/heads/root/") {
            let tree = try repository.tree(ofCommit: commit)
            let words = LineFile(try repository.blob(in: tree, "stage") ?? []).first { _ in true }
            if words?.words.last == "sha256:\(digest)" {
                users.append("branch '\(reference.branchName ?? "")'")
            }
        }
        let jobs = state.path.appending("jobs")
        for name in try Directory.names(in: jobs)
        where try FileStatus.of(jobs.appending(name))?.kind == .directory {
            let kept = try FileContent.read(jobs.appending(name).appending("kept")) ?? []
            if String(decoding: kept, as: UTF8.self).contains(digest.description) {
                users.append("the kept root '\(name)'")
            }
        }
        return users.sorted()
    }

    /// Returns the builds that are running on this machine, oldest first: the
    /// stages of their roots must be kept.
    ///
    /// - Throws: `FileError`.
    package func runningBuilds() throws -> [BuildID] { try BuildLife.running(in: state) }

    private func isInPool(_ digest: SHA256Digest) throws -> Bool {
        try FileStatus.of(state.archive(of: digest))?.kind == .file
    }

    private static func tuples(of name: ZentooName, in site: Site) -> [Tuple] {
        site.declaredTuples.filter { site.stage(of: $0) == name }
    }
}

/// The state of a stage in a site and on this machine.
package struct StageState: Sendable, Hashable, Codable {
    /// The name by which tuples refer to it.
    package let name: String
    /// Its source.
    package let source: String
    /// The digest that the lock pins; nil if it was never added.
    package let digest: SHA256Digest?
    /// The key that signed it; nil if it is unverified.
    package let verifiedBy: KeyFingerprint?
    /// Whether it is unpacked on this machine.
    package let isHere: Bool
    /// Whether its archive is in the pool, as for bootstrapped stages.
    package let isInPool: Bool
    /// Whether it is in the site's file; if not, it was replaced.
    package let isListed: Bool
    /// The site's tuples that are built on it.
    package let tuples: [String]
}
