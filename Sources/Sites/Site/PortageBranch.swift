package import Git

/// `portage/<name>`: a complete `/etc/portage`, read once.
package struct PortageBranch {
    /// The prefix of the branch names.
    package static let prefix = "portage"

    /// The name of the branch after `portage/`.
    package let name: ZentooName
    /// Its commit.
    package let commit: ObjectID
    /// The branch as `git show` takes it.
    package let shownRef: String
    /// Its tree, the content of `/etc/portage`.
    package let tree: ObjectID

    /// The entries at the top of the tree.
    let entries: [TreeEntry]
    /// The entries that make.conf is composed from.
    let makeConfEntries: [TreeEntry]
    /// The files of make.conf, a single one or those of a directory.
    let makeConf: [File]
    let reposConf: ReposConf
    /// The entries of `sets/`, by name.
    package let sets: [String: TreeEntry]
    let setsConf: SetsConf
    /// The mistakes that do not depend on a tuple.
    package let mistakes: [Mistake]

    /// A regular file of the branch.
    package struct File {
        /// The path in the branch: `make.conf`, `make.conf/10-flags`.
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

    /// Returns the mistakes in make.conf, and those in flags that would make
    /// all cpus build the same thing, or different builders different things.
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

    /// Returns the mistakes for assignments that replace a variable of `cpu`
    /// without including its value: all cpus would then build the same thing.
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
