internal import Git
internal import Sites

/// A pushed tree, checked before its files are read: its size and, for a site,
/// whether it has entries that only git can hold.
struct PushedTree {
    enum Kind {
        case site
        case part(BranchKind)
    }

    let ref: String
    let kind: Kind
    let repository: Repository
    let limits: PushLimits
    private(set) var refusals: [PushRefusal] = []
    private var count = 0

    init(ref: String, kind: Kind, repository: Repository, limits: PushLimits) {
        self.ref = ref
        self.kind = kind
        self.repository = repository
        self.limits = limits
    }

    /// The files that are read line by line, by their top-level names.
    private static let texts: [BranchKind: Set<Substring>] = [
        .portage: ["env", "make.conf", "package.use", "repos.conf", "sets", "sets.conf"],
        .buildhooks: ["modes", "remove", "services", "unmerge"],
    ]

    /// Checks the whole tree, or stops when a limit is exceeded.
    mutating func inspect(commit: ObjectID) throws {
        guard try repository.kind(of: commit) == .commit,
            try repository.size(of: commit) ?? 0 <= PushLimits.textSize
        else {
            refuse(nil, "'\(commit)' is no commit of a person", "git cat-file -p shows it")
            return
        }
        try inspect(repository.commit(commit).tree)
    }

    private mutating func inspect(_ tree: ObjectID) throws {
        guard try walk(tree, below: "", depth: 1), refusals.isEmpty else { return }
        guard case .site = kind,
            let tuples = try repository.blob(in: tree, TreePath(TuplesFile.path))
        else { return }
        let lines = LineFile(tuples).reduce(0) { count, _ in count + 1 }
        if lines > limits.tuples {
            refuse(
                TuplesFile.path, "\(lines) lines are more than \(limits.tuples)",
                Self.hint("zentoo.maxTuples"))
        }
    }

    /// - Returns: whether to continue; false when a limit is exceeded.
    private mutating func walk(
        _ tree: ObjectID, below folder: String, depth: Int
    ) throws -> Bool {
        guard depth <= PushLimits.depth else {
            refuse(
                folder, "directories are nested more than \(PushLimits.depth) deep",
                "lay the files out flatter")
            return false
        }
        // A tree object is unpacked as a whole, so its size is checked first.
        guard try repository.size(of: tree) ?? 0 <= limits.files * Self.largestEntry else {
            refuse(
                nil, "it has more than \(limits.files) files and directories",
                Self.hint("zentoo.maxFiles"))
            return false
        }
        for entry in try repository.tree(tree) {
            count += 1
            guard count <= limits.files else {
                refuse(
                    nil, "it has more than \(limits.files) files and directories",
                    Self.hint("zentoo.maxFiles"))
                return false
            }
            let path = folder + entry.text
            if let problem = FileLimits.problem(ofName: entry.name, path: path) {
                refuse(FileLimits.shown(path), problem.message, problem.hint)
                continue
            }
            switch entry.mode {
            case .tree:
                guard try walk(entry.id, below: path + "/", depth: depth + 1) else { return false }
            case .gitlink: lookAtGitlink(path)
            case .symlink, .file, .executable: try look(at: entry, path)
            }
        }
        return true
    }

    private mutating func look(at entry: TreeEntry, _ path: String) throws {
        let limit = isText(path) ? min(PushLimits.textSize, limits.fileSize) : limits.fileSize
        let size = try repository.size(of: entry.id) ?? 0
        guard size <= (entry.mode == .symlink ? Self.longestLink : limit) else {
            refuse(
                path, "\(size) bytes are more than \(limit)",
                limit == limits.fileSize ? Self.hint("zentoo.maxFileSize") : "split the file")
            return
        }
        guard entry.mode == .symlink else { return }
        let target = try repository.blob(entry.id)
        if let problem = FileLimits.problem(ofTarget: target) {
            refuse(path, problem.message, problem.hint)
            return
        }
        guard case .site = kind else { return }
        let link = TreeReading.Link(
            path: path, target: String(decoding: target, as: UTF8.self))
        if !link.resolved(from: "/site").hasPrefix("/site/") {
            refuse(
                path, "symbolic link to '\(link.target)' leads out of the tree",
                "commit what it points to, or a link inside the branch")
        }
    }

    /// Refuses a submodule on a site's branch; on other branches submodules are
    /// reported with their other mistakes.
    private mutating func lookAtGitlink(_ path: String) {
        guard case .site = kind else { return }
        refuse(
            path, "a submodule has no content here", "commit the files themselves instead")
    }

    private func isText(_ path: String) -> Bool {
        switch kind {
        case .site: path.hasPrefix("config/")
        case .part(let kind): Self.texts[kind]?.contains(path.prefix { $0 != "/" }) ?? false
        }
    }

    private mutating func refuse(_ file: String?, _ message: String, _ hint: String) {
        refusals.append(PushRefusal(ref: ref, file: file, message: message, hint: hint))
    }

    /// The maximum size in bytes of a tree entry: mode, name and id.
    private static let largestEntry = 7 + 256 + 20

    /// The maximum size in bytes of a link that is read; `FileLimits` reports
    /// shorter targets that are still too long.
    private static let longestLink = 1 << 16

    private static func hint(_ key: String) -> String {
        "if it has to be so, raise the limit on the server: git config \(key) NUMBER"
    }
}
