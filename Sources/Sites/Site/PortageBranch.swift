package import Git

/// `portage/<name>`: a complete `/etc/portage`, read once.
package struct PortageBranch {
    /// What all their names begin with.
    package static let prefix = "portage"

    /// The branch's name behind `portage/`.
    package let name: ZentooName
    /// Its commit.
    package let commit: ObjectID
    /// As `git show` takes it.
    package let shownRef: String
    /// Its tree: what `/etc/portage` holds.
    package let tree: ObjectID

    /// The entries of the tree's top.
    let entries: [TreeEntry]
    /// What make.conf is composed of.
    let makeConfEntries: [TreeEntry]
    /// The files of make.conf, one or a directory of them.
    let makeConf: [File]
    let reposConf: ReposConf
    /// By name, what `sets/` holds.
    package let sets: [String: TreeEntry]
    let setsConf: SetsConf
    /// What is wrong whatever the tuple.
    package let mistakes: [Mistake]

    /// A regular file of the branch.
    package struct File {
        /// In the branch: `make.conf`, `make.conf/10-flags`.
        package let path: String
        let entry: TreeEntry
        /// Its content.
        package let bytes: [UInt8]
    }

    /// Reads a portage branch at its commit.
    ///
    /// - Throws: `GitError`.
    package init(name: ZentooName, branch: BranchFinder.Branch, repository: Repository) throws {
        self.name = name
        commit = branch.commit
        shownRef = branch.shown
        tree = try repository.commit(branch.commit).tree
        entries = try repository.tree(tree)

        var reading = TreeReading(ref: branch.shown, repository: repository)
        try reading.walk(tree)
        let makeConf = try BranchMakeConf(of: tree, in: repository, ref: branch.shown)
        makeConfEntries = makeConf.entries
        self.makeConf = makeConf.files
        var mistakes = reading.mistakes + makeConf.mistakes
        let repos = reading.files(at: "repos.conf")
        reposConf =
            repos.isEmpty
            ? .standard
            : ReposConf(
                files: repos.map { ($0.path, $0.bytes) }, ref: branch.shown, mistakes: &mistakes)
        var sets: [String: TreeEntry] = [:]
        let links = BranchLinks(tree: tree, repository: repository)
        if let folder = try links.entry(at: "sets"), folder.mode == .tree {
            for entry in try repository.tree(folder.id) where entry.mode.hasContent {
                let name = String(decoding: entry.name, as: UTF8.self)
                sets[name] =
                    entry.mode == .symlink ? try links.entry(at: "sets/\(name)") : entry
            }
        }
        self.sets = sets
        setsConf = SetsConf(reading.files(at: "sets.conf").map(\.bytes))

        let locations = reposConf.repositories.map(\.location)
        mistakes += reading.unsafeLinks { link in
            let target = link.resolved(from: "/etc/portage")
            return target.hasPrefix("/etc/portage/")
                || (locations + ["/var/db/repos"]).contains { target.hasPrefix($0 + "/") }
        }
        mistakes += Self.flagMistakes(in: reading, makeConf: makeConf.files)
        self.mistakes = mistakes
    }

    /// What would make every cpu, or no two builders, build the same thing.
    private static func flagMistakes(in reading: TreeReading, makeConf: [File]) -> [Mistake] {
        var mistakes: [Mistake] = []
        for file in makeConf {
            mistakes += MakeConf(file.bytes).mistakes(in: file.path, of: reading.ref)
        }
        for file in makeConf + reading.files(at: "env") {
            for assignment in MakeConf(file.bytes).assignments {
                if let message = BuilderDependence.mistake(in: assignment.value) {
                    mistakes.append(
                        Mistake(
                            ref: reading.ref, file: file.path, line: assignment.line,
                            message: message, hint: BuilderDependence.hint))
                }
            }
        }
        for file in reading.files(at: "package.use") {
            for line in LineFile(file.bytes) {
                let names = line.words.dropFirst().contains { word in
                    word.hasPrefix("CPU_FLAGS_") || word.hasPrefix("cpu_flags_")
                        || word.hasPrefix("-cpu_flags_")
                }
                if names {
                    mistakes.append(
                        Mistake(
                            ref: reading.ref, file: file.path, line: line.number,
                            message: "CPU_FLAGS belong to the cpu; here every cpu would get them",
                            hint: "move them to \(CPUFragment.folder)/<cpu>, or import with "
                                + "'git zentoo portage import NAME DIR --cpu CPU'"))
                }
            }
        }
        return mistakes
    }

    /// The assignments that replace a variable of `cpu` without building on
    /// the cpu's own: then every cpu would build the same thing.
    func overrides(of cpu: CPUFragment) -> [Mistake] {
        makeConf.flatMap { file in
            MakeConf(file.bytes).assignments.compactMap { assignment in
                guard cpu.variables.contains(assignment.name),
                    !assignment.refers(to: cpu.variables)
                else { return nil }
                return Mistake(
                    ref: shownRef, file: file.path, line: assignment.line,
                    message: "\(assignment.name) replaces what cpu '\(cpu.name)' says",
                    hint: "write \(assignment.name)=\"${\(assignment.name)} ...\", or remove the "
                        + "line: 'git zentoo portage import NAME DIR --cpu CPU' moves it")
            }
        }
    }
}
