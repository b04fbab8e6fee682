internal import Builds
internal import Engines
internal import Git
internal import Sites

extension Session {
    /// The store of this machine's stages.
    var stageStore: StageStore {
        StageStore(
            state: settings.state.path, privileges: .current(launcher: context.executable),
            environment: downloads, largest: settings.largestStage)
    }

    /// The part of the user's environment that fetching a stage sees: that of
    /// git, and the variables that name settings of registries.
    var downloads: [String: String] {
        let registries = context.environment.filter {
            StageStore.registryVariables.contains($0.key)
        }
        return git.environment.merging(registries) { $1 }
    }

    /// Returns the survey of the site's stages, which takes all sites of the
    /// repository into account.
    func stages(of site: Site) throws -> StageSurvey {
        let others = settings.sites.filter { $0 != siteName.text }.compactMap { name in
            // A site whose branch is not here uses no stage here.
            try? Site(
                ZentooName(name), in: repository, remote: settings.remote(of: ZentooName(name)))
        }
        return StageSurvey(site, others: others, store: stageStore, state: settings.state)
    }
}
