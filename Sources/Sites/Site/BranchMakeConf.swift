internal import Git

/// The `make.conf` of a portage branch, a file or a directory. Symbolic links
/// inside the branch are followed, since its files are one level deeper and
/// have other names in a composed `/etc/portage`.
struct BranchMakeConf {
    /// The entries to compose: the single file, or what Portage reads of the
    /// directory. None of them is a symbolic link.
    private(set) var entries: [TreeEntry] = []
    /// The regular files, to be parsed.
    private(set) var files: [PortageBranch.File] = []
    private(set) var mistakes: [Mistake] = []

    private static let name = "make.conf"
    private let links: BranchLinks
    private let ref: String

    /// Reads the make.conf of a branch.
    ///
    /// - Parameters:
    ///   - tree: the tree of the branch.
    ///   - ref: the name of the branch in mistakes.
    /// - Throws: `GitError`.
    init(of tree: ObjectID, in repository: Repository, ref: String) throws {
        links = BranchLinks(tree: tree, repository: repository)
        self.ref = ref
        guard try repository.entry(in: tree, TreePath(Self.name)) != nil,
            let top = try target(of: Self.name)
        else { return }
        guard top.mode == .tree else {
            try add(TreeEntry(name: Array(Self.name.utf8), mode: top.mode, id: top.id), Self.name)
            return
        }
        for inner in try repository.tree(top.id) {
            let name = String(decoding: inner.name, as: UTF8.self)
            guard TreeReading.isRead(name) else { continue }
            let path = "\(Self.name)/\(name)"
            guard inner.mode == .symlink else {
                try add(inner, path)
                continue
            }
            if let target = try target(of: path) {
                try add(TreeEntry(name: inner.name, mode: target.mode, id: target.id), path)
            }
        }
    }

    private mutating func target(of path: String) throws -> TreeEntry? {
        if let entry = try links.entry(at: path) { return entry }
        mistakes.append(
            Mistake(
                ref: ref, file: path, message: "symbolic link leads to no file of the branch",
                hint: "commit the content in its place"))
        return nil
    }

    private mutating func add(_ entry: TreeEntry, _ path: String) throws {
        var reading = TreeReading(ref: ref, repository: links.repository)
        if entry.mode == .tree {
            try reading.walk(entry.id, below: path + "/")
        } else {
            try reading.read(entry, at: path)
        }
        entries.append(entry)
        files += reading.files(at: path)
    }
}
