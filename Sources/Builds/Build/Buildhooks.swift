internal import Git
internal import Sites

/// The contents of a buildhooks tree, as far as a plan needs them.
struct Buildhooks: Sendable, Hashable {
    var hasCopy = false
    var hasModes = false
    var hasServices = false
    var hasRemove = false
    /// Executables, in name order.
    var premerge: [String] = []
    var postmerge: [String] = []
    /// Package atoms.
    var unmerge: [String] = []

    init() {}

    init(tree: ObjectID, in repository: Repository) throws {
        for entry in try repository.tree(tree) {
            switch String(decoding: entry.name, as: UTF8.self) {
            case "copy": hasCopy = true
            case "modes": hasModes = true
            case "services": hasServices = true
            case "remove": hasRemove = true
            case "premerge.d": premerge = try Self.executables(entry.id, repository)
            case "postmerge.d": postmerge = try Self.executables(entry.id, repository)
            case "unmerge":
                unmerge = LineFile(try repository.blob(entry.id)).flatMap(\.words)
            default: break
            }
        }
    }

    private static func executables(_ tree: ObjectID, _ repository: Repository) throws -> [String] {
        try repository.tree(tree)
            .filter { $0.mode == .executable || $0.mode == .symlink }
            .map { String(decoding: $0.name, as: UTF8.self) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
