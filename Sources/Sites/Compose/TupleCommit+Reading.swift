package import Git

extension TupleCommit {
    /// Reads a tuple commit of any age: everything needed to create the same
    /// root again.
    ///
    /// - Throws: ``ZentooError`` if the commit is not a tuple commit or has a
    ///   format that this version does not know.
    package init(reading commit: ObjectID, tuple: Tuple, in repository: Repository) throws {
        let tree = try repository.commit(commit).tree
        func text(_ path: TreePath) throws -> String {
            guard let bytes = try repository.blob(in: tree, path) else {
                throw ZentooError(
                    .damaged, "commit '\(commit)' is not a tuple commit: it has no '\(path)'")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        guard let format = Int(try text("format").dropLast()),
            format <= TupleComposer.formatVersion
        else {
            throw ZentooError(
                .unsupported, "commit '\(commit)' has a format this git-zentoo does not know",
                hints: ["use the version of git-zentoo that made it, or a later one"])
        }
        let stageWords = LineFile(Array(try text("stage").utf8)).first { _ in true }?.words ?? []
        guard stageWords.count == 2, let name = try? ZentooName(stageWords[0]),
            let digest = SHA256Digest(String(stageWords[1].dropFirst("sha256:".count))),
            let portage = try repository.entry(in: tree, "etc/portage"),
            let hooks = try repository.entry(in: tree, "buildhooks")
        else { throw ZentooError(.damaged, "commit '\(commit)' is not a whole tuple commit") }

        var reading = TreeReading(ref: commit.description, repository: repository)
        try reading.walk(portage.id)
        var mistakes: [Mistake] = []
        let files = reading.files(at: "repos.conf").map { ($0.path, $0.bytes) }
        let conf =
            files.isEmpty ? .standard : ReposConf(files: files, ref: nil, mistakes: &mistakes)
        let repositories: [ComposedRepository] = try LineFile(Array(try text("repos").utf8))
            .filter { $0.words.count == 2 }
            .map { line in
                let name = try ZentooName(line.words[0])
                guard let revision = RepositoryRevision(line.words[1]) else {
                    throw ZentooError(
                        .damaged, "'\(line.words[1])' in commit '\(commit)' is no revision")
                }
                let location = conf.repositories.first { $0.name == name }?.location
                return ComposedRepository(
                    name: name, revision: revision,
                    location: location ?? ReposConf.defaultLocation(name.text))
            }
        self.init(
            tuple: tuple, commit: commit, tree: tree, portageTree: portage.id,
            buildhooksTree: hooks.id, stage: ComposedStage(name: name, digest: digest),
            repositories: repositories, parents: try repository.commit(commit).parents)
    }
}
