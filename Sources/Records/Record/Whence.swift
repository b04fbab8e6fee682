package import Git

/// The index of the records in the notes, at `refs/zentoo/whence`: which build
/// made a binary package, and which builds exist.
///
/// The reference points to a tree, so that every answer is one
/// `git cat-file -p` away:
///
///     sha256/<2 digits>/<2 digits>/<digest>      `made` and `found` lines: by
///                                                content
///     cpv/<category>/<name>/<version>/<number>-<12 digits of the digest>
///                                                the same, by package
///     build/<site>/<tuple>/<build id>            `result` line: by series
///     root/<root>/<build id>                     the same, for a root's builds
///     stage/<site>/<stage>/<build id>            `bootstrap` line
///     notes                                      `<notes ref> <tree>`: the
///                                                notes it was derived from
///     layout                                     the version of this layout:
///                                                ``layout``
///
/// It is derived data: it is updated with the changes of the notes
/// (``refresh()``), can be rebuilt at any time (``rebuild()``), is never merged
/// and need not be fetched. Entries that it lacks are read from the notes, so
/// that answers do not depend on its age. It contains packages that were
/// compiled, or found in the pool without a record; reusing a package adds
/// nothing.
package struct Whence {
    /// The reference of the index.
    package static let referenceName = "refs/zentoo/whence"

    /// The layout this type reads and writes; an index with another one is
    /// rebuilt.
    static let layout = 3

    let repository: Repository
    /// The stored index.
    let tree: ObjectID?
    /// Entries of newer notes that are not stored yet, by path.
    let unstored: [TreePath: [RecordLine]]

    private init(
        _ repository: Repository, _ tree: ObjectID?, _ unstored: [TreePath: [RecordLine]]
    ) {
        self.repository = repository
        self.tree = tree
        self.unstored = unstored
    }

    /// Returns what `body` makes of each element, in their order, on two
    /// threads if there are many; each has the index for itself.
    func concurrentMap<Element: Sendable, Value: Sendable>(
        _ elements: [Element], _ body: @Sendable (Element, Whence) throws -> Value
    ) throws -> [Value] {
        let (tree, unstored) = (tree, unstored)
        return try repository.concurrentMap(elements) { element, repository in
            try body(element, Whence(repository, tree, unstored))
        }
    }

    /// Opens the index, regardless of its age.
    ///
    /// - Throws: ``GitError`` when the repository cannot be read.
    package init(_ repository: Repository) throws {
        self.repository = repository
        let stored = try repository.resolve(try RefName(Self.referenceName))
        let news = try WhenceNews(since: stored, in: repository)
        tree = news.base
        unstored = news.entries
    }

    /// Stores the entries of the notes that the index lacks. Safe when several
    /// processes do this at the same time.
    ///
    /// - Throws: ``GitError``.
    package static func refresh(_ repository: Repository) throws {
        try repository.updateTreeReference(try RefName(referenceName), durably: true) { stored in
            try WhenceNews(since: stored, in: repository).store(in: repository)
        }
    }

    /// Rebuilds the index from the notes alone.
    ///
    /// - Throws: ``GitError``.
    package static func rebuild(_ repository: Repository) throws {
        try repository.updateTreeReference(try RefName(referenceName), durably: true) { _ in
            try WhenceNews(since: nil, in: repository).store(in: repository)
        }
    }

    /// Returns the lines at a path, both stored and not yet stored.
    func lines(at path: TreePath) throws -> [RecordLine] {
        let stored = try tree.flatMap { try repository.blob(in: $0, path) } ?? []
        return Self.sorted(RecordLine.lines(in: stored) + unstored[path, default: []])
    }

    /// Returns the lines at all paths in a directory, both stored and not yet
    /// stored, by name.
    func allLines(in directory: TreePath) throws -> [RecordLine] {
        var files: [(name: String, blob: ObjectID?)] = []
        if let tree, let entry = try repository.entry(in: tree, directory), entry.mode == .tree {
            files = try repository.tree(entry.id).filter(\.mode.hasContent).map { ($0.text, $0.id) }
        }
        let news = unstoredNames(in: directory)
        if !news.isEmpty {
            files += news.subtracting(files.map(\.name)).map { ($0, nil) }
            files.sort { $0.name < $1.name }
        }
        // The last one first, as in concurrentMap(_:_:).
        return try files.reversed().map { name, blob in
            let stored = RecordLine.lines(in: try blob.map { try repository.blob($0) } ?? [])
            guard news.contains(name) else { return Self.sorted(stored) }
            return Self.sorted(stored + unstored[directory.appending(name), default: []])
        }.reversed().flatMap { $0 }
    }

    /// Returns the lines sorted and without duplicates.
    private static func sorted(_ lines: [RecordLine]) -> [RecordLine] {
        lines.count < 2 ? lines : Set(lines).sorted()
    }

    /// Returns the names in a directory of the index, both stored and not yet
    /// stored, sorted.
    func names(in directory: TreePath) throws -> [String] {
        var names: Set<String> = []
        if let tree, let entry = try repository.entry(in: tree, directory), entry.mode == .tree {
            names.formUnion(try repository.tree(entry.id).map(\.text))
        }
        names.formUnion(unstoredNames(in: directory))
        return names.sorted()
    }

    /// Returns the names in a directory that are not stored yet.
    func unstoredNames(in directory: TreePath) -> Set<String> {
        let depth = directory.components.count
        return Set(
            unstored.keys.lazy.filter { $0.isWithin(directory) && $0 != directory }
                .map { String(decoding: $0.components[depth], as: UTF8.self) })
    }

    static func path(_ names: String...) -> TreePath { TreePath(names.joined(separator: "/")) }
}
