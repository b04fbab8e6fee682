package import Git

/// `buildhooks/<name>`: the actions before and after the merge.
package struct BuildhooksBranch {
    /// The prefix of the branch names.
    package static let prefix = "buildhooks"

    /// The name of the branch after `buildhooks/`.
    package let name: ZentooName
    /// Its commit.
    package let commit: ObjectID
    /// The branch as `git show` takes it.
    package let shownRef: String
    /// Its tree.
    package let tree: ObjectID

    /// The mistakes in the branch.
    package let mistakes: [Mistake]

    private static let files: Set<String> = ["modes", "unmerge", "services", "remove"]
    private static let folders: Set<String> = ["copy", "premerge.d", "postmerge.d"]
    /// The prefixes of other files that may be kept beside the hooks.
    private static let ignored = ["README", ".git"]

    /// Reads a buildhooks branch at its commit.
    ///
    /// - Throws: `GitError`.
    package init(name: ZentooName, branch: BranchFinder.Branch, repository: Repository) throws {
        self.name = name
        commit = branch.commit
        shownRef = branch.shown
        tree = try repository.commit(branch.commit).tree
        var reading = TreeReading(ref: branch.shown, repository: repository)
        try reading.walk(tree)
        var mistakes = reading.mistakes
        // A link below copy/ is copied into the root and resolved there; all
        // others are followed here.
        mistakes += reading.unsafeLinks { link in
            link.path.hasPrefix("copy/") || link.resolved(from: "/hooks").hasPrefix("/hooks/")
        }
        for entry in try repository.tree(tree) {
            let text = String(decoding: entry.name, as: UTF8.self)
            let right = entry.mode == .tree ? Self.folders : Self.files
            if !right.contains(text), !Self.ignored.contains(where: { text.hasPrefix($0) }) {
                mistakes.append(
                    Mistake(
                        ref: branch.shown, file: text, message: "'\(text)' is no build hook",
                        hint: "the hooks are copy/, modes, premerge.d/, unmerge, postmerge.d/, "
                            + "services and remove"))
            }
        }
        for file in reading.files where file.path.hasPrefix("copy/etc/portage/") {
            mistakes.append(
                Mistake(
                    ref: branch.shown, file: file.path,
                    message: "/etc/portage is the portage branch's alone",
                    hint: "move the file to the branch \(PortageBranch.prefix)/<name>"))
        }
        for folder in ["premerge.d", "postmerge.d"] {
            for file in reading.files(at: folder) where file.entry.mode == .file {
                mistakes.append(
                    Mistake(
                        ref: branch.shown, file: file.path, message: "the hook is not executable",
                        hint: "run 'git update-index --chmod=+x \(file.path)' on the branch"))
            }
        }
        for (file, check) in BuildhookLine.checks {
            guard let entry = try repository.entry(in: tree, TreePath(file)),
                [.file, .executable].contains(entry.mode)
            else { continue }
            let content = try repository.blob(entry.id)
            mistakes += BuildhookLine.lines(of: content).compactMap { line in
                check(line.text).map {
                    Mistake(
                        ref: branch.shown, file: file, line: line.number, message: $0.message,
                        hint: $0.hint)
                }
            }
        }
        self.mistakes = mistakes
    }
}
