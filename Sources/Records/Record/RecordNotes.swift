package import Git

/// Where the records are: the notes themselves, as they were at one moment.
package struct RecordNotes {
    let repository: Repository
    /// The notes references; to find them means to look at every reference
    /// there is, so who asks often asks one of these.
    private let names: [RefName]

    /// The notes of a repository.
    ///
    /// - Throws: `GitError`.
    package init(_ repository: Repository) throws {
        self.repository = repository
        names = try Self.trees(in: repository).map(\.name)
    }

    /// The notes this repository writes.
    package static let name = "zentoo"

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
    /// - Parameters:
    ///   - kind: only lines of this kind; of all kinds when nil.
    ///   - tuple: only lines that name this tuple; any when nil.
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
