internal import Git

/// Composes the commit of a tuple, as a pure function of the site, portage and
/// buildhooks commits: it depends on no clock, host name or path of this
/// machine.
package struct TupleComposer {
    /// The version of the composition. It is increased when the same inputs
    /// compose to a different tree, so that old results are not taken for new
    /// ones.
    package static let formatVersion = 1

    private let site: Site
    private let repository: Repository

    /// Creates a composer of tuples of `site`.
    package init(_ site: Site) {
        self.site = site
        repository = site.repository
    }

    /// Composes a tuple.
    ///
    /// - Throws: ``ZentooError`` with all mistakes of the tuple, if there are
    ///   any; nothing is composed then.
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

    /// Returns the signature of the newest committer among the parents, which
    /// is the same on every machine.
    static func signature(
        of parents: [ObjectID], _ committer: (ObjectID) throws -> Signature
    ) throws -> Signature {
        let committers = try parents.sorted().map(committer)
        guard
            let newest = committers.max(by: { $0.seconds < $1.seconds })
        else { throw ZentooError(.damaged, "a tuple commit without parents") }
        return newest
    }

    /// Returns the message of a tuple commit.
    static func message(_ tuple: String) -> String { "tuple \(tuple)\n" }

    /// Composes `etc/portage`: the branch with make.conf converted to a
    /// directory, in which the cpu's file comes first and git-zentoo's last,
    /// and with the sets that the tuple includes.
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
            // Composed separately, even if it is a symbolic link on the branch.
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

    /// The prefix of the cpu's file in make.conf/.
    static let cpuPrefix = "10-"
    /// The prefix of the branch's own files in make.conf/.
    static let branchPrefix = "50-"
    /// The name of git-zentoo's file in make.conf/.
    static let lastMakeConfName = "90-zentoo"

    /// The settings of every root. Files of make.conf/ replace each other's
    /// assignments, so FEATURES includes the earlier value.
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
