internal import Files
internal import Git
package import Sites
internal import SystemPackage

/// Compares a site's branches with the records, and the records with the pool,
/// without starting Portage.
///
/// If the branches or the pool are missing, the answers are limited to what can
/// be determined without them.
package struct SiteInspector {
    let name: ZentooName
    let state: StateDirectory
    let reader: ResultReader
    /// Nil if the site's branch does not exist in this repository.
    let site: Site?
    let hasPool: Bool

    /// Opens a site on this machine.
    ///
    /// - Parameter remote: the remote whose branches are used in place of
    ///   missing local ones.
    /// - Throws: ``GitError``, ``FileError``.
    package init(
        _ name: ZentooName, remote: String?, state: StateDirectory, reader: ResultReader
    ) throws {
        self.name = name
        self.state = state
        self.reader = reader
        do {
            site = try Site(name, in: reader.repository, remote: remote, state: state)
        } catch let error as ZentooError where error.code == .notFound {
            site = nil
        }
        hasPool = try FileStatus.of(state.pool, followingLinks: true)?.kind == .directory
    }

    /// Returns the status of the whole site.
    ///
    /// - Throws: ``ZentooError`` when the site has neither a branch nor a
    ///   record; ``GitError``, ``FileError``.
    package func status() throws -> SiteStatus {
        let tuples =
            try site?.declaredTuples.map(\.text)
            ?? reader.whence.series(of: name).map(\.tuple)
        if site == nil, tuples.isEmpty { throw absent }
        return SiteStatus(
            site: name.text, commit: site?.commit,
            tuples: try tuples.map { try standing(of: $0, namesCommits: false) },
            underWay: try underWay(), mistakes: site?.ownMistakes ?? [], hasPool: hasPool)
    }

    /// Returns the status of one tuple, with the commits that changed its
    /// inputs.
    ///
    /// - Throws: ``ZentooError`` for a tuple that is neither declared nor
    ///   recorded; ``GitError``, ``FileError``.
    package func standing(of text: String) throws -> TupleStanding {
        try standing(of: text, namesCommits: true)
    }

    private func standing(of text: String, namesCommits: Bool) throws -> TupleStanding {
        guard let series = BuildSeries(site: name, tuple: text) else {
            throw ZentooError(
                .invalidName, "'\(text)' is not a tuple",
                hints: ["a tuple is <cpu>-<portage>-<buildhooks>-<packages>"])
        }
        let latest = try reader.latest(of: series)
        let newest = try reader.newest(of: series)
        let composed: TupleStatus?
        var mistakes: [Mistake] = []
        do {
            composed = try status(of: series, namesCommits: namesCommits)
        } catch let error as ZentooError where !error.mistakes.isEmpty {
            composed = nil
            mistakes = error.mistakes
        } catch let error as ZentooError where error.code == .notFound && newest != nil {
            // A part of the tuple no longer exists; its recorded builds are
            // still shown.
            composed = nil
            mistakes = [
                Mistake(
                    ref: site?.shownRef, file: TuplesFile.path, message: error.message,
                    hint: error.hints.first)
            ]
        }
        if site == nil, newest == nil { throw absent }
        return TupleStanding(
            tuple: text, status: composed, mistakes: mistakes, latest: latest,
            failedSince: newest?.result.status == .success ? nil : newest)
    }

    /// Returns nil if the site's branch does not exist in this repository.
    private func status(of series: BuildSeries, namesCommits: Bool) throws -> TupleStatus? {
        guard let site else { return nil }
        let tuple = try site.tuple(named: series.tuple)
        let commit = try TupleComposer(site).compose(tuple).commit
        let portage = try site.portage(tuple.portage)
        let buildhooks = try site.buildhooks(tuple.buildhooks)
        let branches = [
            (portage.commit, portage.shownRef), (buildhooks.commit, buildhooks.shownRef),
            (site.commit, site.shownRef),
        ]
        let live = site.tuplesFile.options(of: tuple).live
        return try reader.why(
            series, commit: commit, liveCounts: live != .keep, namesCommits: namesCommits,
            branches: Dictionary(branches) { one, _ in one },
            isMissing: hasPool ? isMissing : nil)
    }

    private func isMissing(_ package: RecordedPackage) throws -> Bool {
        let status = try FileStatus.of(state.pool.appending(package.path.description))
        return status?.kind != .file || status.map { Int64($0.size) } != package.size
    }

    private func underWay() throws -> [BuildUnderWay] {
        try BuildSeries.buildingPrefixes(of: name).flatMap { prefix in
            try reader.repository.references(under: prefix).compactMap { reference, _ in
                let parts = "\(reference)".dropFirst(prefix.count).split(separator: "/")
                guard parts.count == 2, let build = BuildID(String(parts[1])) else { return nil }
                return BuildUnderWay(
                    build: build, subject: String(parts[0]),
                    runsHere: try BuildLife.isRunning(build, in: state))
            }
        }.sorted { $0.build < $1.build }
    }

    private var absent: ZentooError {
        ZentooError(
            .notFound, "site '\(name)' not found: there is no branch of this name",
            hints: [
                "list the branches with 'git branch --all'; the sites are named by "
                    + "'git config --get-all zentoo.site'"
            ])
    }
}
