package import Git

/// The files and symbolic links of a branch, and the mistakes for what git can
/// store but a site must not contain.
package struct TreeReading {
    /// A symbolic link of the branch.
    package struct Link {
        let path: String
        /// The target as committed.
        package let target: String

        /// Creates a link.
        package init(path: String, target: String) {
            self.path = path
            self.target = target
        }

        /// Returns the absolute path that it leads to if the tree is at `top`,
        /// with `.` and `..` resolved lexically.
        package func resolved(from top: String) -> String {
            var components: [Substring] = []
            let folder = path.split(separator: "/").dropLast()
            if !target.hasPrefix("/") { components = top.split(separator: "/") + folder }
            for component in target.split(separator: "/") where component != "." {
                if component == ".." {
                    _ = components.popLast()
                } else {
                    components.append(component)
                }
            }
            return "/" + components.joined(separator: "/")
        }
    }

    let ref: String
    let repository: Repository
    /// The regular files, in the order of their paths.
    package private(set) var files: [PortageBranch.File] = []
    private(set) var mistakes: [Mistake] = []
    private var links: [Link] = []

    /// Creates a reading without files.
    ///
    /// - Parameter ref: the name of the branch in mistakes.
    package init(ref: String, repository: Repository) {
        self.ref = ref
        self.repository = repository
    }

    /// The maximum size in bytes of a file whose content is read.
    private static let largestFile = 1 << 20

    /// Adds the content of a tree and of the trees below it.
    ///
    /// - Parameter folder: the path of the tree in its branch, with a `/` at
    ///   the end.
    /// - Throws: `GitError`.
    package mutating func walk(_ tree: ObjectID, below folder: String = "") throws {
        for entry in try repository.tree(tree) {
            try read(entry, at: folder + String(decoding: entry.name, as: UTF8.self))
        }
    }

    /// Adds an entry and everything below it.
    ///
    /// - Throws: `GitError`.
    mutating func read(_ entry: TreeEntry, at path: String) throws {
        if let problem = FileLimits.problem(ofName: entry.name, path: path) {
            mistakes.append(mistake(path, problem))
        }
        switch entry.mode {
        case .tree:
            try walk(entry.id, below: path + "/")
        case .symlink:
            let target = try repository.blob(entry.id)
            if let problem = FileLimits.problem(ofTarget: target) {
                mistakes.append(mistake(path, problem))
            } else {
                links.append(
                    Link(path: path, target: String(decoding: target, as: UTF8.self)))
            }
        case .gitlink:
            mistakes.append(
                Mistake(
                    ref: ref, file: path, message: "a submodule has no content here",
                    hint: "commit the files themselves instead"))
        case .file, .executable:
            let size = try repository.size(of: entry.id) ?? 0
            let bytes = size > Self.largestFile ? [] : try repository.blob(entry.id)
            files.append(PortageBranch.File(path: path, entry: entry, bytes: bytes))
        }
    }

    /// Returns whether Portage reads a file or directory of this name in a
    /// configuration directory (`_recursive_file_list` in
    /// portage/util/__init__.py). It skips hidden files, backups and the
    /// directories of version control systems.
    static func isRead(_ name: some StringProtocol) -> Bool {
        !name.hasPrefix(".") && !name.hasSuffix("~")
            && !["CVS", "RCS", "SCCS"].contains(String(name))
    }

    private func mistake(_ path: String, _ problem: FileLimits.Problem) -> Mistake {
        Mistake(
            ref: ref, file: FileLimits.shown(path), message: problem.message, hint: problem.hint)
    }

    /// Returns the file `path`, or all files below the directory `path` that
    /// Portage reads, in order.
    package func files(at path: String) -> [PortageBranch.File] {
        files.filter { file in
            guard file.path != path else { return true }
            return file.path.hasPrefix(path + "/")
                && file.path.dropFirst(path.count).split(separator: "/").allSatisfy {
                    Self.isRead($0)
                }
        }
    }

    func unsafeLinks(isSafe: (Link) -> Bool) -> [Mistake] {
        links.filter { !isSafe($0) }.map { link in
            Mistake(
                ref: ref, file: link.path,
                message: "symbolic link to '\(link.target)' leads out of the tree",
                hint: "commit what it points to, or a link inside the branch")
        }
    }
}
