package import Git

/// Which build made a binary package, and which builds there were: an index
/// over the records in the notes, at `refs/zentoo/whence`.
///
/// The reference points at a tree, so every answer is one `git cat-file -p`
/// away:
///
///     sha256/<2 digits>/<2 digits>/<digest>      `made` and `found` lines: by
///                                                content
///     cpv/<category>/<name>/<version>/<number>-<12 digits of the digest>
///                                                the same, by package
///     build/<site>/<tuple>/<build id>            `result` line: by series
///     root/<root>/<build id>                     the same, for a root's builds
///     stage/<site>/<stage>/<build id>            `bootstrap` line
///     notes                                      `<notes ref> <tree>`: what
///                                                it was derived from
///     layout                                     which of these layouts it
///                                                has: ``layout``
///
/// It is derived data. It is brought up to date from what changed in the notes
/// since (``refresh()``), can be made anew at any time (``rebuild()``), is never
/// merged and need not be fetched; what it lacks is read from the notes, so that
/// an answer never depends on its age. Packages are in it that were compiled,
/// or found in the pool without a record: reusing one adds nothing.
package struct Whence {
    /// Where the index is.
    package static let referenceName = "refs/zentoo/whence"

    /// The layout this type reads and writes; an index of another is made anew.
    static let layout = 3

    let repository: Repository
    /// The index as it is stored.
    let tree: ObjectID?
    /// Entries of newer notes that are not stored yet, by their path.
    let unstored: [TreePath: [RecordLine]]

    /// Opens the index, whatever its age.
    ///
    /// - Throws: ``GitError`` when the repository cannot be read.
    package init(_ repository: Repository) throws {
        self.repository = repository
        let stored = try repository.resolve(try RefName(Self.referenceName))
        let news = try WhenceNews(since: stored, in: repository)
        tree = news.base
        unstored = news.entries
    }

    /// Stores what the notes have and the index has not. Safe while others do
    /// the same.
    ///
    /// - Throws: ``GitError``.
    package static func refresh(_ repository: Repository) throws {
        try repository.updateTreeReference(try RefName(referenceName), durably: true) { stored in
            try WhenceNews(since: stored, in: repository).store(in: repository)
        }
    }

    /// Makes the index anew from the notes alone.
    ///
    /// - Throws: ``GitError``.
    package static func rebuild(_ repository: Repository) throws {
        try repository.updateTreeReference(try RefName(referenceName), durably: true) { _ in
            try WhenceNews(since: nil, in: repository).store(in: repository)
        }
    }

    /// The lines at a path, stored and not.
    func lines(at path: TreePath) throws -> [RecordLine] {
        let stored = try tree.flatMap { try repository.blob(in: $0, path) } ?? []
        return Self.sorted(RecordLine.lines(in: stored) + unstored[path, default: []])
    }

    /// The lines at all paths in a directory, stored and not, by the names there.
    func allLines(in directory: TreePath) throws -> [(name: String, lines: [RecordLine])] {
        var blobs: [String: ObjectID] = [:]
        if let tree, let entry = try repository.entry(in: tree, directory), entry.mode == .tree {
            for file in try repository.tree(entry.id) where file.mode.hasContent {
                blobs[file.text] = file.id
            }
        }
        return try unstoredNames(in: directory).union(blobs.keys).sorted().map { name in
            let stored = try blobs[name].map { try repository.blob($0) } ?? []
            let news = unstored.isEmpty ? [] : unstored[directory.appending(name), default: []]
            return (name, Self.sorted(RecordLine.lines(in: stored) + news))
        }
    }

    /// Each of them once.
    private static func sorted(_ lines: [RecordLine]) -> [RecordLine] {
        lines.count < 2 ? lines : Set(lines).sorted()
    }

    /// The names in a directory of the index, stored and not, sorted.
    func names(in directory: TreePath) throws -> [String] {
        var names: Set<String> = []
        if let tree, let entry = try repository.entry(in: tree, directory), entry.mode == .tree {
            names.formUnion(try repository.tree(entry.id).map(\.text))
        }
        names.formUnion(unstoredNames(in: directory))
        return names.sorted()
    }

    /// Those of them that are not stored.
    func unstoredNames(in directory: TreePath) -> Set<String> {
        let depth = directory.components.count
        return Set(
            unstored.keys.lazy.filter { $0.isWithin(directory) && $0 != directory }
                .map { String(decoding: $0.components[depth], as: UTF8.self) })
    }

    static func path(_ names: String...) -> TreePath { TreePath(names.joined(separator: "/")) }
}
