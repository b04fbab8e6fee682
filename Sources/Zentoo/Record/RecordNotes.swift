internal import Git

/// Where the records are: the notes themselves.
enum RecordNotes {
    /// The notes this repository writes.
    static let name = "zentoo"

    /// This repository's notes and those fetched from each remote
    /// (`refs/notes/<remote>/zentoo`), with their trees, sorted by name.
    static func trees(
        in repository: Repository
    ) throws -> [(name: RefName, tree: ObjectID)] {
        let own = try RefName.notes(name)
        return try repository.references(under: "refs/notes/")
            .filter { $0.name == own || "\($0.name)".hasSuffix("/\(name)") }
            .map { ($0.name, try repository.peel($0.id, to: .tree)) }
    }

    /// The object annotated by the note at a path of a notes tree, whatever
    /// its fan-out; nil for a path that is not a note's.
    static func object(at path: TreePath) -> ObjectID? {
        ObjectID(hex: path.bytes.filter { $0 != UInt8(ascii: "/") })
    }

    /// The lines on an object, of every notes reference.
    ///
    /// - Parameter kind: only lines of this kind; of all kinds when nil.
    static func lines(
        on object: ObjectID, of kind: RecordLine.Kind? = nil, in repository: Repository
    ) throws -> Set<RecordLine> {
        var lines: Set<RecordLine> = []
        for (name, _) in try trees(in: repository) {
            let note = try repository.readNote(name, on: object) ?? []
            lines.formUnion(RecordLine.lines(in: note, of: kind))
        }
        return lines
    }
}
