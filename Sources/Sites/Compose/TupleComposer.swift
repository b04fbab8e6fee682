internal import Git

/// Turns a tuple into its commit: a pure function of the site, portage and
/// buildhooks commits. No clock, no host name, no path of this machine.
package struct TupleComposer {
    /// Raised when the same inputs compose to something else, so that old
    /// results are not taken for new ones.
    package static let formatVersion = 1

    private let site: Site
    private let repository: Repository

    /// Composes tuples of `site`.
    package init(_ site: Site) {
        self.site = site
        repository = site.repository
    }

    /// Composes a tuple.
    ///
    /// - Throws: ``ZentooError`` with all that is wrong with the tuple, when
    ///   something is; then nothing is composed.
    package func compose(_ tuple: Tuple) throws -> TupleCommit {
        let inputs = try TupleInputs(tuple, of: site)
        guard inputs.mistakes.isEmpty, let stage = inputs.stage else {
            throw ZentooError(
                .mistakes, "tuple '\(tuple)' cannot be composed",
                hints: ["'git zentoo tuple check' shows everything that is wrong"],
                mistakes: inputs.mistakes)
        }
        let portageTree = try site.composition.portageTree(of: tuple) {
            try composePortage(inputs)
        }
        let root: [(String, EntryMode, ObjectID)] = [
            ("buildhooks", .tree, inputs.buildhooks.tree),
            ("etc", .tree, try tree([("portage", .tree, portageTree)])),
            ("format", .file, try text("\(Self.formatVersion)\n")),
            ("options", .file, try text(inputs.options.composed)),
            ("repos", .file, try text(Self.lines(inputs.repositories))),
            ("stage", .file, try text("\(stage.name) sha256:\(stage.digest)\n")),
            ("tuple", .file, try text("\(tuple)\n")),
        ]
        let tree = try tree(root)
        var parents: [ObjectID] = []
        for parent in [inputs.portage.commit, inputs.buildhooks.commit, site.commit]
        where !parents.contains(parent) {
            parents.append(parent)
        }
        let signature = try Self.signature(of: parents) { parent in
            try site.composition.committer(of: parent) { try repository.commit(parent).committer }
        }
        let commit = try repository.createCommit(
            tree: tree, parents: parents, author: signature, committer: signature,
            message: Self.message(tuple.text))
        return TupleCommit(
            tuple: tuple, commit: commit, tree: tree, portageTree: portageTree,
            buildhooksTree: inputs.buildhooks.tree, stage: stage,
            repositories: inputs.repositories, parents: parents)
    }

    /// Of the parents the newest committer speaks: nothing else would be the
    /// same on every machine.
    static func signature(
        of parents: [ObjectID], _ committer: (ObjectID) throws -> Signature
    ) throws -> Signature {
        let committers = try parents.sorted().map(committer)
        guard
            let newest = committers.max(by: { $0.seconds < $1.seconds })
        else { throw ZentooError(.damaged, "a tuple commit without parents") }
        return newest
    }

    /// What a tuple commit says of itself.
    static func message(_ tuple: String) -> String { "tuple \(tuple)\n" }

    /// `etc/portage`: the branch with make.conf turned into a directory, in
    /// which the cpu speaks first and git-zentoo last, and with the sets that
    /// the tuple reaches.
    private func composePortage(_ inputs: TupleInputs) throws -> ObjectID {
        var makeConf: [TreeEntry] = [
            TreeEntry(
                name: Array("\(Self.cpuPrefix)\(inputs.tuple.cpu)".utf8), mode: .file,
                id: inputs.cpu.blob),
            TreeEntry(
                name: Array(Self.lastMakeConfName.utf8), mode: .file,
                id: try text(Self.lastMakeConf)),
        ]
        for entry in inputs.portage.makeConfEntries {
            makeConf.append(
                TreeEntry(
                    name: Array(Self.branchPrefix.utf8) + entry.name, mode: entry.mode,
                    id: entry.id))
        }
        var entries: [TreeEntry] = []
        for entry in inputs.portage.entries {
            switch String(decoding: entry.name, as: UTF8.self) {
            // Composed apart, also where the branch has a link.
            case "make.conf", "sets": break
            default:
                entries.append(entry)
            }
        }
        entries.append(
            TreeEntry(
                name: Array("make.conf".utf8), mode: .tree, id: try repository.writeTree(makeConf)))
        if !inputs.sets.isEmpty {
            let sets = try repository.writeTree(
                inputs.sets.map { name, id in
                    TreeEntry(name: Array(name.utf8), mode: .file, id: id)
                })
            entries.append(TreeEntry(name: Array("sets".utf8), mode: .tree, id: sets))
        }
        return try repository.writeTree(entries)
    }

    /// What the cpu's file of make.conf/ begins with.
    static let cpuPrefix = "10-"
    /// What the branch's own files of make.conf/ begin with.
    static let branchPrefix = "50-"
    /// git-zentoo's file of make.conf/.
    static let lastMakeConfName = "90-zentoo"

    /// What holds in every root. Files of make.conf/ replace each other's
    /// assignments, so FEATURES builds on what came before.
    static let lastMakeConf = """
        # Added by git-zentoo: the engines mount the right directories here.
        FEATURES="${FEATURES} buildpkg binpkg-multi-instance"
        BINPKG_FORMAT="gpkg"
        PKGDIR="/var/cache/binpkgs"
        DISTDIR="/var/cache/distfiles"

        """

    private static func lines(_ repositories: [ComposedRepository]) -> String {
        repositories.map { "\($0.name) \($0.revision)\n" }.joined()
    }

    private func text(_ text: String) throws -> ObjectID {
        try site.composition.blob(of: text) { try repository.writeBlob(Array(text.utf8)) }
    }

    private func tree(_ entries: [(String, EntryMode, ObjectID)]) throws -> ObjectID {
        try repository.writeTree(
            entries.map { TreeEntry(name: Array($0.0.utf8), mode: $0.1, id: $0.2) })
    }
}
