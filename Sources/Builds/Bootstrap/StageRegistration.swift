internal import Git
internal import Records
internal import Sites

/// Registers bootstrapped stages with their sites.
struct StageRegistration {
    let machine: Machine
    let repository: Repository

    /// Registers a bootstrapped stage with its site in one commit. Does nothing
    /// if the site has it already or a later bootstrap has made another.
    ///
    /// - Throws: ``ZentooError`` if the site's files have uncommitted changes,
    ///   or if a stage from another source has the name.
    func register(_ result: BuildResult) async throws {
        guard let name = result.series.stage, let archive = result.archive,
            try ResultReader(repository).latest(of: result.series)?.result.build == result.build
        else { return }
        let site = try Site(
            result.series.site, in: repository, remote: machine.remote, state: machine.state)
        _ = try await SiteEditor(site, machine: machine)
            .setBootstrapped(name, archive.sha256, of: result.series.tuple)
    }

    /// Does the same for a bootstrap that was killed. The stage is not needed
    /// if the site was removed or has given the name to another stage since.
    func registerBelatedly(_ result: BuildResult) async throws {
        do {
            try await register(result)
        } catch let error as ZentooError where [.notFound, .exists].contains(error.code) {}
    }
}
