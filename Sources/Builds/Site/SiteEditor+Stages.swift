internal import Edits
internal import Git
package import Sites

extension SiteEditor {
    /// Removes a stage from the site: its line in `config/stages` and its pin
    /// in the lock, in one commit. The unpacked tree is kept.
    ///
    /// - Returns: whether there was anything to remove.
    /// - Throws: ``ZentooError`` if the files have uncommitted changes.
    package func removeStage(_ name: ZentooName) async throws -> Bool {
        guard let entry = site.stages.first(where: { $0.name == name }) else { return false }
        var lock = site.lock
        lock.stages[name] = nil
        let bytes = try site.repository.blob(in: site.tree, TreePath(StagesFile.path)) ?? []
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        lines.remove(at: entry.line - 1)
        let commit = try await editor.commit(
            [
                .write(TreePath(SiteLock.path), Array(lock.text.utf8)),
                .write(
                    TreePath(StagesFile.path), Array(lines.joined(separator: [UInt8(ascii: "\n")]))
                ),
            ], to: site.name.text, message: "zentoo: remove stage \(name)")
        return commit != nil
    }

    /// Checks, before anything is compiled, that a stage can be registered with
    /// the site.
    ///
    /// - Throws: ``ZentooError``.
    func checkFiles() async throws {
        guard try site.repository.resolve(.branch(site.name.text)) != nil else {
            throw ZentooError(
                .notFound, "site '\(site.name)' has no branch here to commit on",
                hints: ["git branch \(site.name) \(site.shownRef)"])
        }
        try await editor.check([SiteLock.path, StagesFile.path], of: site.name.text)
    }

    /// Rejects the name of a stage from another source, which would be
    /// overwritten.
    ///
    /// - Throws: ``ZentooError``.
    func checkSource(of name: ZentooName) throws {
        guard let known = site.stages.first(where: { $0.name == name }) else { return }
        if case .pool = known.source { return }
        throw ZentooError(
            .exists, "stage '\(name)' comes from '\(known.source)', and would be replaced",
            hints: [
                "give the new one another name with '--name', or take this one out with "
                    + "'git zentoo stage remove \(name)'"
            ])
    }

    /// Registers a bootstrapped stage with the site: its line in
    /// `config/stages` and its pin in the lock, in one commit.
    ///
    /// - Returns: whether the site did not have it already.
    /// - Throws: ``ZentooError`` if a stage from another source has the name,
    ///   or if the files have uncommitted changes.
    func setBootstrapped(
        _ name: ZentooName, _ digest: SHA256Digest, of tuple: String
    ) async throws -> Bool {
        try checkSource(of: name)
        var lock = site.lock
        lock.stages[name] = SiteLock.Stage(digest: digest, key: nil)
        var changes: [BranchEditor.Change] = [
            .write(TreePath(SiteLock.path), Array(lock.text.utf8))
        ]
        let known = site.stages.first { $0.name == name }
        let source = StageSource.pool(tuple: tuple)
        if known?.source != source || known?.key != nil {
            changes.append(
                .write(
                    TreePath(StagesFile.path),
                    try siteFile(StagesFile.path, "\(name) \(source)", known?.line)))
        }
        return try await editor.commit(
            changes, to: site.name.text, message: "zentoo: stage \(name) is \(digest)") != nil
    }
}
