internal import Builds
internal import Engines
internal import Git
internal import Sites

extension Session {
    /// The stages this machine has.
    var stageStore: StageStore {
        StageStore(
            state: settings.state.path, privileges: .current(launcher: context.executable),
            environment: downloads, largest: settings.largestStage)
    }

    /// What fetching a stage sees of the user's environment: what git does,
    /// and where one's registries are described.
    var downloads: [String: String] {
        let registries = context.environment.filter {
            StageStore.registryVariables.contains($0.key)
        }
        return git.environment.merging(registries) { $1 }
    }

    /// The stages of the site, with all of the repository's sites in view.
    func stages(of site: Site) throws -> StageSurvey {
        let others = settings.sites.filter { $0 != siteName.text }.compactMap { name in
            // A site whose branch is not here uses nothing here.
            try? Site(
                ZentooName(name), in: repository, remote: settings.remote(of: ZentooName(name)))
        }
        return StageSurvey(site, others: others, store: stageStore, state: settings.state)
    }
}
