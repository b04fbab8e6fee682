package import Git

/// `buildhooks/<name>`: what is done around the merge.
package struct BuildhooksBranch {
    /// What all their names begin with.
    package static let prefix = "buildhooks"

    /// The branch's name behind `buildhooks/`.
    package let name: ZentooName
    /// Its commit.
    package let commit: ObjectID
    /// As `git show` takes it.
    package let shownRef: String
    /// Its tree.
    package let tree: ObjectID

    /// What is wrong with the branch.
    package let mistakes: [Mistake]

    private static let files: Set<String> = ["modes", "unmerge", "services", "remove"]
    private static let folders: Set<String> = ["copy", "premerge.d", "postmerge.d"]
    /// What a person may keep beside the hooks.
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
        // A link below copy/ is laid into the root and resolved there; any
        // other is followed here.
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
        self.mistakes = mistakes
    }
}
