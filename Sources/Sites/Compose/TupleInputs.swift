internal import Git

/// Everything that a tuple is composed from, and all its mistakes.
package struct TupleInputs {
    let tuple: Tuple
    let cpu: CPUFragment
    let portage: PortageBranch
    let buildhooks: BuildhooksBranch
    /// The options that `config/tuples` sets for the tuple.
    package let options: TupleOptions
    /// The stage; nil if a mistake gives the reason.
    package let stage: ComposedStage?
    /// The ebuild repositories that the portage branch names, masters included.
    package let repositories: [ComposedRepository]
    /// The sets that `packages` includes, itself among them, sorted by name.
    let sets: [(String, ObjectID)]
    /// All mistakes that prevent the tuple from being built.
    package let mistakes: [Mistake]

    /// Reads the inputs of a tuple; what is wrong with them is added to
    /// ``mistakes``.
    ///
    /// - Throws: `GitError` if the repository cannot be read.
    package init(_ tuple: Tuple, of site: Site) throws {
        self.tuple = tuple
        cpu = try site.cpu(tuple.cpu)
        portage = try site.portage(tuple.portage)
        buildhooks = try site.buildhooks(tuple.buildhooks)
        options = site.tuplesFile.options(of: tuple)
        var mistakes = site.fileMistakes + cpu.mistakes + portage.mistakes + buildhooks.mistakes
        mistakes += portage.overrides(of: cpu)
        if let problem = FileLimits.problem(of: tuple, site: site.name) {
            mistakes.append(
                Mistake(
                    ref: site.shownRef, file: TuplesFile.path,
                    line: site.tuplesFile.lines(of: tuple).first { $0.subject == tuple.text }?
                        .number, message: problem.message, hint: problem.hint))
        }
        stage = Self.stage(of: tuple, options, site, &mistakes)
        repositories = Self.repositories(of: portage, site, &mistakes)
        let reached = try site.composition.sets(of: tuple) { [portage, repositories] in
            try Self.sets(of: tuple, portage, repositories, site)
        }
        sets = reached.found
        self.mistakes = mistakes + reached.mistakes
    }

    private static func stage(
        of tuple: Tuple, _ options: TupleOptions, _ site: Site, _ mistakes: inout [Mistake]
    ) -> ComposedStage? {
        func mistake(_ file: String, _ message: String, _ hint: String) -> ComposedStage? {
            let line = site.tuplesFile.lines(of: tuple).last { $0.options.stage != nil }
            mistakes.append(
                Mistake(
                    ref: site.shownRef, file: file, line: line?.number, message: message,
                    hint: hint))
            return nil
        }
        let add = "add one with 'git zentoo stage add NAME PATH|URL'"
        guard let name = site.stage(by: options) else {
            return site.stages.isEmpty
                ? mistake(StagesFile.path, "the site has no stage", add)
                : mistake(
                    TuplesFile.path, "tuple '\(tuple)' names no stage, and the site has several",
                    "write stage=NAME behind it; "
                        + Site.known("stage", site.stages.map(\.name).sorted()))
        }
        guard site.stages.contains(where: { $0.name == name }) else {
            return mistake(
                TuplesFile.path, "unknown stage '\(name)'",
                Site.known("stage", site.stages.map(\.name).sorted()))
        }
        guard let locked = site.lock.stages[name] else {
            mistakes.append(site.unpinned(stage: name))
            return nil
        }
        return ComposedStage(name: name, digest: locked.digest)
    }

    /// Returns the repositories that the branch's repos.conf names, and their
    /// masters.
    private static func repositories(
        of portage: PortageBranch, _ site: Site, _ mistakes: inout [Mistake]
    ) -> [ComposedRepository] {
        var found: [ZentooName: ComposedRepository] = [:]
        var due = portage.reposConf.repositories
        while let next = due.popLast() {
            guard found[next.name] == nil else { continue }
            guard let locked = site.lock.repositories[next.name] else {
                let known = site.repositories.contains { $0.name == next.name }
                mistakes.append(
                    known
                        ? site.unpinned(repository: next.name)
                        : Mistake(
                            ref: portage.shownRef, file: "repos.conf",
                            message: "repository '\(next.name)' is not in "
                                + "\(RepositoriesFile.path) of site '\(site.name)'",
                            hint: "add a line '\(next.name) SOURCE' there, "
                                + "then run 'git zentoo sync'"))
                continue
            }
            found[next.name] = ComposedRepository(
                name: next.name, revision: locked.revision, location: next.location)
            for master in locked.masters where found[master] == nil {
                if !portage.reposConf.repositories.contains(where: { $0.name == master }) {
                    due.append(
                        ReposConf.Repository(
                            name: master, location: ReposConf.defaultLocation(master.text)))
                }
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }

    private static func sets(
        of tuple: Tuple, _ portage: PortageBranch, _ repositories: [ComposedRepository],
        _ site: Site
    ) throws -> CompositionMemory.Sets {
        var found: [String: ObjectID] = [:]
        var reader = SetReader(portage: portage, site: site, repositories: repositories)
        try reader.read(tuple.packages.text, path: []) { name, id in found[name] = id }
        return (found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, reader.mistakes)
    }
}
