extension Repository {
    /// Returns the note on an object, which need not exist; `nil` when there is
    /// none.
    ///
    /// - Parameters:
    ///   - name: the notes reference, such as `refs/notes/commits`.
    ///   - object: the object.
    /// - Throws: ``GitError``.
    public func readNote(_ name: RefName, on object: ObjectID) throws -> [UInt8]? {
        guard let tree = try notesTree(name) else { return nil }
        let blobs = try NotesTree(repository: self).blobs(on: object, in: tree)
        guard let first = blobs.first else { return nil }
        // git also combines several notes on one object; the result here is the
        // union of their lines.
        var content = try blob(first)
        for other in blobs.dropFirst() {
            NotesTree.append(NotesTree.lines(try blob(other)), to: &content)
        }
        return content
    }

    /// Calls `body` with each note: the object it is on, and the blob that
    /// holds it.
    ///
    /// - Throws: ``GitError``, and what `body` throws.
    public func forEachNote(
        _ name: RefName, _ body: (_ object: ObjectID, _ blob: ObjectID) throws -> Void
    ) throws {
        guard let tree = try notesTree(name) else { return }
        try NotesTree(repository: self).forEach(in: tree, body)
    }

    /// Returns all notes: the objects they are on, and the blobs that hold
    /// them.
    ///
    /// - Throws: ``GitError``.
    public func notes(_ name: RefName) throws -> [(object: ObjectID, blob: ObjectID)] {
        var notes: [(object: ObjectID, blob: ObjectID)] = []
        try forEachNote(name) { notes.append(($0, $1)) }
        return notes
    }

    /// Adds lines to notes, except those that a note already has, in one
    /// commit.
    ///
    /// Any number of processes may do so at the same time; no line is lost.
    /// (libgit2's `git_note_create` sets the reference without checking its old
    /// value and loses the notes of other processes.)
    ///
    /// - Parameters:
    ///   - name: the notes reference.
    ///   - lines: the lines without newlines, for each object; the objects need
    ///     not exist.
    ///   - author: the author and committer of the commit.
    ///   - message: the message of the commit.
    ///   - durably: whether the notes are synced to disk before the reference
    ///     points at them.
    /// - Returns: the notes commit afterwards; unchanged if all lines existed
    ///   already.
    /// - Throws: ``GitError``.
    @discardableResult
    public func appendNotes(
        _ name: RefName, lines: [ObjectID: [String]], author: Signature, message: String,
        durably: Bool = false
    ) throws -> ObjectID? {
        let lines = try lines.filter { !$0.value.isEmpty }
            .mapValues { try $0.map(Self.noteLine) }
        return try updateReference(name, message: "notes: \(message)", durably: durably) {
            current in
            let old = try current.map { try commit($0) }
            let tree = try NotesTree(repository: self).adding(lines, to: old?.tree)
            if tree == old?.tree ?? .emptyTree { return nil }
            return try createCommit(
                tree: tree, parents: current.map { [$0] } ?? [], author: author,
                message: message)
        }
    }

    private func notesTree(_ name: RefName) throws -> ObjectID? {
        try resolve(name).map { try tree(ofCommit: $0) }
    }

    private static func noteLine(_ line: String) throws -> [UInt8] {
        let bytes = Array(line.utf8)
        guard !bytes.isEmpty, !bytes.contains(UInt8(ascii: "\n")) else {
            throw GitError(.invalid, "a line of a note is empty or holds a newline")
        }
        return bytes
    }
}
