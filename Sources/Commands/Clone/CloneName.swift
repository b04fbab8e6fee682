/// The directory a clone goes to when none is named (git-clone(1): "the
/// humanish part of the source repository").
enum CloneName {
    /// Nil when the address does not tell.
    static func name(for address: String, isBare: Bool) -> String? {
        var rest = address[...]
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        if rest.hasSuffix("/.git") { rest = rest.dropLast("/.git".count) }
        if rest.hasSuffix(".bundle") { rest = rest.dropLast(".bundle".count) }
        // host:path has no other mark where the path begins.
        guard var name = rest.split(whereSeparator: { $0 == "/" || $0 == ":" }).last else {
            return nil
        }
        if name.hasSuffix(".git") { name = name.dropLast(".git".count) }
        if name.isEmpty || name == "." || name == ".." { return nil }
        return isBare ? "\(name).git" : String(name)
    }
}
