internal import Git
internal import Records
internal import Sites

/// Gives sites the stages that were bootstrapped for them.
struct StageRegistration {
    let machine: Machine
    let repository: Repository

    /// Gives its site the stage that a bootstrap has made, by one commit; nothing
    /// happens where the site has it, or a later bootstrap has made another.
    ///
    /// - Throws: ``ZentooError`` when the site's files have uncommitted changes,
    ///   or a stage from elsewhere has the name.
    func register(_ result: BuildResult) async throws {
        guard let name = result.series.stage, let archive = result.archive,
            try ResultReader(repository).latest(of: result.series)?.result.build == result.build
        else { return }
        let site = try Site(
            result.series.site, in: repository, remote: machine.remote, state: machine.state)
        _ = try await SiteEditor(site, machine: machine)
            .setBootstrapped(name, archive.sha256, of: result.series.tuple)
    }

    /// The same for a bootstrap that was killed: where the site is gone, or has
    /// given the name to another stage since, nobody waits for this one.
    func registerBelatedly(_ result: BuildResult) async throws {
        do {
            try await register(result)
        } catch let error as ZentooError where [.notFound, .exists].contains(error.code) {}
    }
}
