/// The tree of a notes reference: a note on the object `abcdef...` is the blob
/// at `abcdef...`, `ab/cdef...` or `ab/cd/ef...` (git-notes(1)).
///
/// libgit2 only follows existing directories, so its own writer rewrites one
/// flat tree for each note. This one keeps at least one level: it descends
/// while there is a directory, creates the first one if there is none, and
/// never leaves a note beside a directory it belongs in, where libgit2 would
/// not find it.
struct NotesTree {
    let repository: Repository

    /// The lines to add to a note, and the rest of its name at this level.
    private struct Addition {
        let rest: ArraySlice<UInt8>
        let lines: [[UInt8]]
        /// A note found on a level above, which is to be moved down.
        var moved: ObjectID?
    }

    /// Returns the tree with `lines` added, except those that a note already
    /// has.
    func adding(_ lines: [ObjectID: [[UInt8]]], to tree: ObjectID?) throws -> ObjectID {
        let additions = lines.sorted { $0.key < $1.key }.map {
            Addition(rest: $0.key.hexBytes[...], lines: $0.value)
        }
        return try adding(additions, to: tree, isTop: true)
    }

    /// Returns the blobs of the note on `id`, outermost first. There are
    /// several if the writers used different fan-outs.
    func blobs(on id: ObjectID, in tree: ObjectID) throws -> [ObjectID] {
        var found: [ObjectID] = []
        var rest = id.hexBytes[...]
        var tree = tree
        while true {
            let path = TreePath(bytes: Array(rest))
            if let note = try repository.entry(in: tree, path), note.mode == .file {
                found.append(note.id)
            }
            guard rest.count > 2,
                let next = try repository.entry(in: tree, TreePath(bytes: Array(rest.prefix(2)))),
                next.mode == .tree
            else { return found }
            tree = next.id
            rest = rest.dropFirst(2)
        }
    }

    /// Calls `body` with each note: its object and its blob.
    func forEach(
        in tree: ObjectID, _ body: (_ object: ObjectID, _ blob: ObjectID) throws -> Void
    ) throws {
        try forEach(in: tree, under: [], body)
    }

    private func forEach(
        in tree: ObjectID, under prefix: [UInt8], _ body: (ObjectID, ObjectID) throws -> Void
    ) throws {
        for entry in try repository.tree(tree) where Hex.isLowercase(entry.name) {
            let name = prefix + entry.name
            if entry.mode == .tree, entry.name.count == 2 {
                try forEach(in: entry.id, under: name, body)
            } else if entry.mode == .file, let id = ObjectID(hex: name) {
                try body(id, entry.id)
            }
        }
    }

    private func adding(
        _ additions: [Addition], to tree: ObjectID?, isTop: Bool
    ) throws -> ObjectID {
        try repository.withTreeBuilder(tree) { builder in
            var groups: [[UInt8]: [Addition]] = [:]
            for addition in additions {
                groups[Array(addition.rest.prefix(2)), default: []].append(addition)
            }
            if isTop, let tree { try collectFlatNotes(of: tree, into: &groups, builder) }
            for (prefix, additions) in groups.sorted(by: {
                $0.key.lexicographicallyPrecedes($1.key)
            }) {
                let directory = try repository.entry(named: prefix, in: builder)
                let isDirectory = directory?.mode == .tree
                guard isTop || isDirectory else {
                    for addition in additions { try add(addition, to: builder) }
                    continue
                }
                let inner = try additions.map { addition in
                    var addition = addition
                    try takeFlatNote(of: &addition, from: builder)
                    return Addition(
                        rest: addition.rest.dropFirst(2), lines: addition.lines,
                        moved: addition.moved)
                }
                let new = try adding(inner, to: isDirectory ? directory?.id : nil, isTop: false)
                try repository.insert(
                    TreeEntry(name: prefix, mode: .tree, id: new), into: builder)
            }
            return try repository.write(builder)
        }
    }

    /// Takes the notes out of a flat tree, so that all are moved down at once
    /// and the next writer finds a small tree.
    private func collectFlatNotes(
        of tree: ObjectID, into groups: inout [[UInt8]: [Addition]], _ builder: OpaquePointer
    ) throws {
        for entry in try repository.tree(tree)
        where entry.mode == .file && ObjectID(hex: entry.name) != nil {
            var group = groups[Array(entry.name.prefix(2)), default: []]
            if let index = group.firstIndex(where: { $0.rest.elementsEqual(entry.name) }) {
                group[index].moved = entry.id
            } else {
                group.append(Addition(rest: entry.name[...], lines: [], moved: entry.id))
            }
            groups[Array(entry.name.prefix(2))] = group
            try repository.remove(entry.name, from: builder)
        }
    }

    private func takeFlatNote(of addition: inout Addition, from builder: OpaquePointer) throws {
        let name = Array(addition.rest)
        guard addition.moved == nil, let flat = try repository.entry(named: name, in: builder),
            flat.mode == .file
        else { return }
        addition.moved = flat.id
        try repository.remove(name, from: builder)
    }

    private func add(_ addition: Addition, to builder: OpaquePointer) throws {
        let name = Array(addition.rest)
        let old = try repository.entry(named: name, in: builder)
        // A note that is only moved keeps its blob unchanged.
        if old == nil, addition.lines.isEmpty, let moved = addition.moved {
            return try repository.insert(
                TreeEntry(name: name, mode: .file, id: moved), into: builder)
        }
        var content = try old.map { try repository.blob($0.id) } ?? []
        if let moved = addition.moved {
            Self.append(Self.lines(try repository.blob(moved)), to: &content)
        }
        Self.append(addition.lines, to: &content)
        let blob = try repository.writeBlob(content)
        if blob != old?.id {
            try repository.insert(
                TreeEntry(name: name, mode: .file, id: blob), into: builder)
        }
    }

    static func lines(_ content: [UInt8]) -> [[UInt8]] {
        content.split(separator: newline).map { Array($0) }
    }

    /// Appends each line that `content` does not have yet, with a newline.
    static func append(_ lines: [[UInt8]], to content: inout [UInt8]) {
        var present = Set(Self.lines(content))
        for line in lines where present.insert(line).inserted {
            if let last = content.last, last != newline { content.append(newline) }
            content += line
            content.append(newline)
        }
    }

    private static let newline = UInt8(ascii: "\n")
}
