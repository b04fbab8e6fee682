/// The default directory of a clone (git-clone(1): "the humanish part of the
/// source repository").
enum CloneName {
    /// Returns the name of the directory; nil if it cannot be derived from the
    /// address.
    static func name(for address: String, isBare: Bool) -> String? {
        var rest = address[...]
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        if rest.hasSuffix("/.git") { rest = rest.dropLast("/.git".count) }
        if rest.hasSuffix(".bundle") { rest = rest.dropLast(".bundle".count) }
        // In host:path, only the colon marks where the path begins.
        guard var name = rest.split(whereSeparator: { $0 == "/" || $0 == ":" }).last else {
            return nil
        }
        if name.hasSuffix(".git") { name = name.dropLast(".git".count) }
        if name.isEmpty || name == "." || name == ".." { return nil }
        return isBare ? "\(name).git" : String(name)
    }
}
