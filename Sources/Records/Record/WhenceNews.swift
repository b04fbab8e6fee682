internal import Git

/// The entries of the notes that an older index lacks.
struct WhenceNews {
    /// The index to add to; nil to rebuild it.
    let base: ObjectID?
    /// The lines to add, by path in the index.
    let entries: [TreePath: [RecordLine]]
    /// The current trees of the notes, by reference.
    private let sources: [(name: RefName, tree: ObjectID)]
    /// Whether the notes have changed since the index was stored.
    private let isMoved: Bool

    private static let sourcesPath = Whence.path("notes")
    private static let layoutPath = Whence.path("layout")
    private static let layout = Array("\(Whence.layout)\n".utf8)

    init(since stored: ObjectID?, in repository: Repository) throws {
        sources = try RecordNotes.trees(in: repository)
        let stored = try stored.flatMap {
            try repository.blob(in: $0, Self.layoutPath) == Self.layout ? $0 : nil
        }
        let known = try stored.map { try Self.sources(of: $0, in: repository) } ?? [:]
        isMoved = known != Dictionary(uniqueKeysWithValues: sources.map { ("\($0.name)", $0.tree) })
        if let stored, !isMoved {
            base = stored
            entries = [:]
            return
        }
        var collected = Collected()
        var isGrown = stored != nil
        for (name, tree) in sources {
            let old = known["\(name)"]
            // Lines are only ever added. If lines are missing, or the older
            // notes no longer exist for comparison, the index is rebuilt.
            guard try old.map({ try repository.exists($0) }) ?? true else {
                isGrown = false
                break
            }
            isGrown = try collected.add(from: old, to: tree, in: repository) && isGrown
        }
        if stored != nil, !isGrown {
            collected = Collected()
            for (_, tree) in sources {
                _ = try collected.add(from: nil, to: tree, in: repository)
            }
        }
        base = isGrown ? stored : nil
        entries = collected.entries
    }

    /// Returns the tree of the updated index; nil when there is nothing to
    /// store.
    func store(in repository: Repository) throws -> ObjectID? {
        guard isMoved || base == nil else { return base }
        var changes: [TreeChange] = []
        var blobs: [[RecordLine]: ObjectID] = [:]
        for (path, lines) in entries {
            let stored = try base.flatMap { try repository.blob(in: $0, path) } ?? []
            let all = Set(RecordLine.lines(in: stored) + lines).sorted()
            // The blob is the same by content and by package, and is written
            // once.
            let blob = try blobs[all] ?? repository.writeBlob(Self.bytes(all))
            blobs[all] = blob
            changes.append(.put(path, .file, blob))
        }
        let from = sources.map { "\($0.name) \($0.tree)\n" }.joined()
        changes.append(.put(Self.sourcesPath, .file, try repository.writeBlob(from.utf8)))
        changes.append(.put(Self.layoutPath, .file, try repository.writeBlob(Self.layout)))
        return try repository.editTree(base: base, changes)
    }

    private static func bytes(_ lines: [RecordLine]) -> [UInt8] {
        lines.flatMap { Array($0.description.utf8) + [UInt8(ascii: "\n")] }
    }

    private static func sources(
        of index: ObjectID, in repository: Repository
    ) throws -> [String: ObjectID] {
        let bytes = try repository.blob(in: index, sourcesPath) ?? []
        var sources: [String: ObjectID] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count == 2, let tree = ObjectID(hex: words[1]) else { continue }
            sources[String(words[0])] = tree
        }
        return sources
    }
}

extension WhenceNews {
    /// Collects the new entries.
    private struct Collected {
        var entries: [TreePath: [RecordLine]] = [:]

        /// Adds the lines that `new` notes have and `old` ones lack; returns
        /// false if lines were removed.
        mutating func add(
            from old: ObjectID?, to new: ObjectID, in repository: Repository
        ) throws -> Bool {
            var isGrown = true
            // If git changed the fan-out, an unchanged note is removed at one
            // path and added at another, so notes are compared by annotated
            // object.
            var before: [ObjectID: Set<RecordLine>] = [:]
            var after: [ObjectID: Set<RecordLine>] = [:]
            for delta in try repository.diffTrees(old, new) {
                guard let object = RecordNotes.object(at: delta.path) else { continue }
                if let entry = delta.old {
                    let lines = RecordLine.lines(in: try repository.blob(entry.id))
                    before[object, default: []].formUnion(lines)
                }
                if let entry = delta.new {
                    let lines = RecordLine.lines(in: try repository.blob(entry.id))
                    after[object, default: []].formUnion(lines)
                }
            }
            for (object, lines) in before where !lines.isSubset(of: after[object, default: []]) {
                isGrown = false
            }
            for (object, lines) in after {
                add(lines, except: before[object, default: []], on: object)
            }
            return isGrown
        }

        private mutating func add(
            _ lines: Set<RecordLine>, except known: Set<RecordLine>, on tree: ObjectID
        ) {
            var results: [BuildID: BuildResult] = [:]
            for line in lines where RecordLine.Kind.results.contains(line.kind) {
                results[line.build] = BuildResult(line)
            }
            for line in lines.subtracting(known) {
                guard let result = results[line.build] else { continue }
                switch line.kind {
                case .result, .bootstrap:
                    entries[Whence.path(of: result), default: []].append(line)
                case .made, .found:
                    guard let package = RecordedPackage(line) else { continue }
                    let entry = PackageOrigin(package, of: result).line
                    for path in Whence.paths(of: package.cpv, package.buildNumber, package.sha256) {
                        entries[path, default: []].append(entry)
                    }
                default: continue
                }
            }
        }
    }
}
