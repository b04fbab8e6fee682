internal import Git

extension SiteEditor {
    /// Takes a stage out of the site: its line in `config/stages` and its pin
    /// in the lock, as one commit. The unpacked tree stays.
    ///
    /// - Returns: whether there was anything to take out.
    /// - Throws: ``ZentooError`` when the files have uncommitted changes.
    public func removeStage(_ name: ZentooName) async throws -> Bool {
        guard let entry = site.stages.first(where: { $0.name == name }) else { return false }
        var lock = site.lock
        lock.stages[name] = nil
        let bytes = try site.repository.blob(in: site.tree, TreePath(StagesFile.path)) ?? []
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        lines.remove(at: entry.line - 1)
        let editor = BranchEditor(
            repository: site.repository, git: machine.git, identity: machine.identity.at(.now))
        let commit = try await editor.commit(
            [
                .write(TreePath(SiteLock.path), Array(lock.text.utf8)),
                .write(
                    TreePath(StagesFile.path), Array(lines.joined(separator: [UInt8(ascii: "\n")]))
                ),
            ], to: site.name.text, message: "zentoo: remove stage \(name)")
        return commit != nil
    }
}
