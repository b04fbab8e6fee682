internal import Files
internal import Sites
internal import SystemPackage

extension StageSource {
    /// Returns the source of a stage on this machine: the path that
    /// `zentoo.NAME.source` names, else the source itself, which for a stage in
    /// the pool is its archive.
    ///
    /// - Parameter digest: the required digest; nil if there is none yet.
    /// - Throws: ``StageError`` if the stage should be in the pool and is not.
    func located(
        for name: ZentooName, _ digest: SHA256Digest?, on machine: Machine
    ) throws -> StageSource {
        if let path = machine.sources[name.text] { return .path(path) }
        guard case .pool(let tuple) = self else { return self }
        let again = "make it with 'git zentoo bootstrap \(tuple) --name \(name)'"
        guard let digest else {
            throw StageError(
                .notFound, "stage '\(name)' was never made: \(SiteLock.path) has no digest of it",
                hints: [again])
        }
        let archive = machine.state.archive(of: digest)
        guard try FileStatus.of(archive)?.kind == .file else {
            throw StageError(
                .notFound, "stage '\(name)' is not in the pool: there is no '\(archive)'",
                hints: [
                    "'git config zentoo.pool DIR' names the pool of the machine that made it",
                    "or copy the archive from there and name it with "
                        + "'git config zentoo.\(name).source FILE'", again,
                ])
        }
        return .path(archive)
    }
}
