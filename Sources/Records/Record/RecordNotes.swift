package import Git

/// The notes that hold the records, as of one moment.
package struct RecordNotes {
    let repository: Repository
    /// The notes references. Finding them reads every reference of the
    /// repository, so callers with many queries share one instance.
    private let names: [RefName]

    /// Opens the notes of a repository.
    ///
    /// - Throws: `GitError`.
    package init(_ repository: Repository) throws {
        self.repository = repository
        names = try Self.trees(in: repository).map(\.name)
    }

    /// The name of the notes that this repository writes.
    package static let name = "zentoo"

    /// Returns this repository's notes and those fetched from each remote
    /// (`refs/notes/<remote>/zentoo`), with their trees, sorted by name.
    static func trees(
        in repository: Repository
    ) throws -> [(name: RefName, tree: ObjectID)] {
        let own = try RefName.notes(name)
        return try repository.references(under: "refs/notes/")
            .filter { $0.name == own || "\($0.name)".hasSuffix("/\(name)") }
            .map { ($0.name, try repository.peel($0.id, to: .tree)) }
    }

    /// Returns the object annotated by the note at a path of a notes tree, for
    /// any fan-out; nil for a path that is not that of a note.
    static func object(at path: TreePath) -> ObjectID? {
        ObjectID(hex: path.bytes.filter { $0 != UInt8(ascii: "/") })
    }

    /// Returns the lines on an object from all notes references.
    ///
    /// - Parameters:
    ///   - kind: only lines of this kind; all kinds if nil.
    ///   - tuple: only lines that name this tuple; any if nil.
    package func lines(
        on object: ObjectID, of kind: RecordLine.Kind? = nil, naming tuple: String? = nil
    ) throws -> Set<RecordLine> {
        var lines: Set<RecordLine> = []
        for name in names {
            let note = try repository.readNote(name, on: object) ?? []
            lines.formUnion(RecordLine.lines(in: note, of: kind, naming: tuple))
        }
        return lines
    }
}
