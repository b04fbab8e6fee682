internal import Builds
internal import Engines
internal import Sites
internal import SystemPackage

/// The jobs of patch work as plain data.
struct PatchJobs {
    /// The jobs of a build of the root's work tree.
    var build: BuildJobs

    static let chooseStep = "choose"
    static let prepareStep = "prepare"

    /// Returns a job that finds the version that emerge would choose and
    /// fetches its sources.
    func choose(_ package: PatchPackage) -> Job {
        job(
            "choose",
            [
                Step(
                    name: Self.chooseStep, command: script(["choose", package.atom]),
                    environment: build.environment,
                    mounts: build.view.mounts(
                        distfiles: .readWrite, depcache: .readWrite, out: .readWrite),
                    network: .outside)
            ])
    }

    /// Returns a job that unpacks and prepares a source and writes it to the
    /// output directory.
    ///
    /// - Parameters:
    ///   - edited: the file name of a patch; the source as it is before this
    ///     patch is written there as well.
    ///   - packages: the packages used to merge the build dependencies first;
    ///     nil to skip that.
    func prepare(
        _ chosen: ChosenEbuild, edited: String?, after packages: SessionPackages?
    ) -> Job {
        var environment = build.environment
        environment["ZENTOO_PATCH"] = edited
        var steps = build.preparation
        if let packages {
            let environment = build.environment.merging(packages.environment) { $1 }
            let needs = MergeGoal.needs(of: chosen.name)
            steps += [
                Step(
                    name: "fetch", command: build.emerge.fetch(needs),
                    environment: environment,
                    mounts: build.view.mounts(distfiles: .readWrite) + packages.mounts,
                    network: .outside),
                Step(
                    name: "dependencies",
                    command: build.emerge.merge(needs, jobs: build.parallelism),
                    environment: environment, mounts: build.view.mounts() + packages.mounts),
            ]
        }
        steps += [
            Step(
                name: Self.prepareStep,
                command: script(["prepare", "\(chosen.cpv)", chosen.repository]),
                environment: environment,
                // The source of a live ebuild is fetched in the unpack phase.
                mounts: build.view.mounts(distfiles: chosen.isLive ? .readWrite : .readOnly),
                network: chosen.isLive ? .outside : .none),
            Step(
                name: "collect", command: script(["collect", "\(chosen.cpv)"]),
                environment: environment, mounts: build.view.mounts(out: .readWrite),
                condition: .always),
        ]
        return job(packages == nil ? "prepare" : "prepare-after", steps)
    }

    /// Returns a job that builds a package with the patches in the
    /// configuration.
    ///
    /// - Parameters:
    ///   - compiles: whether to compile even if a binary package is available.
    ///   - session: the step to run in the same root afterwards.
    func attempt(
        _ cpv: CPV, of repository: String, _ packages: SessionPackages, compiles: Bool,
        then session: Step?
    ) -> Job {
        let environment = build.environment.merging(packages.environment) { $1 }
        let goal = MergeGoal.version("\(cpv)::\(repository)")
        var emerge = build.emerge
        if compiles { emerge.compiled = [cpv.package] }
        let steps =
            build.preparation + [build.installed] + [
                Step(
                    name: "fetch",
                    command: emerge.fetch(goal),
                    environment: environment,
                    mounts: build.view.mounts(distfiles: .readWrite) + packages.mounts,
                    network: .outside),
                Step(
                    name: BuildJobs.mergeStep,
                    command: emerge.merge(goal, jobs: build.parallelism),
                    environment: environment.merging(["PORTAGE_LOGDIR": BuildJobs.logs]) { $1 },
                    mounts: build.view.mounts(out: .readWrite) + packages.mounts),
                Step(
                    name: "harvest", command: build.script("harvest.py"),
                    environment: build.environment,
                    mounts: build.view.mounts(out: .readWrite) + packages.mounts,
                    condition: .always),
            ]
        return job("try", steps + (session.map { [$0] } ?? []))
    }

    private func script(_ arguments: [String]) -> [String] { build.script("patch.py") + arguments }

    private func job(_ purpose: String, _ steps: [Step]) -> Job {
        Job(id: "\(build.id)-\(purpose)", root: .overlay(build.stage), steps: steps)
    }
}
