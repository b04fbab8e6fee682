internal import Git
internal import Sites

/// The user patches of a package in an `/etc/portage`, in the order in which
/// Portage applies them: by file name, regardless of the directory. A patch in
/// a more specific directory overrides those of the same name elsewhere, and an
/// empty one disables them (`eapply_user` in PMS 9, section 12.3.3, and
/// portage(5)).
struct UserPatches: Sendable, Hashable {
    /// One patch.
    struct Entry: Sendable, Hashable {
        /// The file name.
        let name: String
        /// The path in `/etc/portage`.
        let path: TreePath
        /// The blob of its content.
        let id: ObjectID
    }

    /// The patches, sorted by name.
    let entries: [Entry]

    init(_ entries: [Entry]) { self.entries = entries }

    /// - Parameter slot: the slot, with or without its sub-slot.
    /// - Throws: `GitError`.
    init(of cpv: CPV, slot: String, in portage: ObjectID, _ repository: Repository) throws {
        var found: [String: Entry] = [:]
        for folder in Self.folders(of: cpv, slot: slot) {
            guard let directory = try repository.entry(in: portage, folder),
                directory.mode == .tree
            else { continue }
            for file in try repository.tree(directory.id)
            where [.file, .executable, .symlink].contains(file.mode) && Self.isPatch(file.text) {
                let content = try repository.blob(file.id)
                let isNothing =
                    content.isEmpty
                    || file.mode == .symlink && content.elementsEqual("/dev/null".utf8)
                found[file.text] =
                    isNothing
                    ? nil
                    : Entry(name: file.text, path: folder.appending(file.name), id: file.id)
            }
        }
        entries = found.values.sorted { Self.isBefore($0.name, $1.name) }
    }

    /// Returns the directory of the patches for all versions of a package.
    static func folder(of package: String) -> TreePath { TreePath("patches/\(package)") }

    /// Returns the directories of the patches for a version, most specific
    /// last.
    private static func folders(of cpv: CPV, slot: String) -> [TreePath] {
        let slot = slot.prefix { $0 != "/" }
        let version = "\(cpv.version)".prefix { $0 != "-" }
        let revision = "\(cpv.version)".dropFirst(version.count + 1)
        return [
            cpv.name, "\(cpv.name)-\(version)",
            "\(cpv.name)-\(version)-\(revision.isEmpty ? "r0" : revision)",
        ].flatMap { ["\(cpv.category)/\($0)", "\(cpv.category)/\($0):\(slot)"] }
            .map { folder(of: $0) }
    }

    private static func isPatch(_ name: String) -> Bool {
        name.hasSuffix(PatchName.suffix) || name.hasSuffix(".diff")
    }

    /// Compares names in Portage's order, that of `LC_ALL=C sort`.
    static func isBefore(_ name: String, _ other: String) -> Bool {
        name.utf8.lexicographicallyPrecedes(other.utf8)
    }
}
