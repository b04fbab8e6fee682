package import Engines
internal import Exec
package import Records
internal import Sites
internal import SystemPackage

/// The jobs of a build as plain data: the same inputs give the same jobs.
package struct BuildJobs: Sendable {
    /// The build that the jobs belong to.
    package let id: BuildID
    let tuple: Tuple
    /// The stage that each job's root is based on.
    package let stage: StageImage
    /// The root of the jobs, if not an overlay over the stage.
    var root: Root?
    /// The parts of the machine that the steps see.
    package var view: RootView
    let hooks: Buildhooks
    /// The options of emerge(1), known once the flavour is.
    package var emerge = Emerge(comparesPatches: false)
    /// The number of packages, and of commands per package, that run at once.
    package let parallelism: Int
    /// The compilers that work beside the machine that builds.
    var compilers: Compilers?

    /// Determines the flavour.
    var flavour: Job { job("flavour", [flavourStep]) }

    var flavourStep: Step {
        Step(
            name: "flavour", command: script("flavour.py"), environment: environment,
            mounts: view.mounts(depcache: .readWrite, out: .readWrite))
    }

    /// Updates the index of a PKGDIR to match its packages (emaint(1)).
    package var repair: Job {
        job(
            "repair",
            [
                Step(
                    name: "index packages", command: ["emaint", "--fix", "binhost"],
                    environment: environment, mounts: view.mounts(binpkgs: .readWrite))
            ])
    }

    /// Asks Portage for its plan.
    func plan(_ goal: MergeGoal) -> Job {
        job(
            "plan",
            [
                Step(
                    name: "plan",
                    command: script("plan.py") + emerge.pretend(goal),
                    environment: environment,
                    mounts: view.mounts(depcache: .readWrite, out: .readWrite))
            ])
    }

    /// Reads the current digests of the ebuilds of packages, named
    /// `cpv::repository`.
    func ebuilds(_ names: [String]) -> Job {
        job(
            "ebuilds",
            [
                Step(
                    name: "ebuilds", command: script("harvest.py") + ["ebuilds"] + names,
                    environment: environment, mounts: view.mounts(out: .readWrite))
            ])
    }

    /// Compiles what a plan does not find in the pool, in a root in which no
    /// build hook has run, and reports the packages made.
    ///
    /// - Parameters:
    ///   - goal: the packages to compile.
    ///   - fetches: whether sources have to be fetched first.
    ///   - keepsRoot: whether the root is kept afterwards.
    func compile(_ goal: MergeGoal, fetches: Bool, keepsRoot: Bool = false) -> Job {
        job(
            "compile", merging(goal, as: Self.compileStep, fetches: fetches),
            keepsRoot: keepsRoot)
    }

    /// Fetches the sources that a build compiles, if that cannot be a step of
    /// the build: a job that reaches the compilers reaches no other network.
    func fetching(_ goal: MergeGoal) -> Job { job("fetch", [fetch(goal)]) }

    /// The goal of a build of the set.
    var goal: MergeGoal { .set(tuple.packages.text) }

    /// Merges, and reports the packages made.
    func merging(_ goal: MergeGoal, as name: String = mergeStep, fetches: Bool) -> [Step] {
        var steps = [installed]
        if fetches { steps.append(fetch(goal)) }
        steps.append(merge(goal, as: name))
        steps.append(harvest)
        return steps
    }

    private func fetch(_ goal: MergeGoal) -> Step {
        Step(
            name: Self.fetchStep, command: emerge.fetch(goal),
            environment: environment, mounts: view.mounts(distfiles: .readWrite),
            network: .outside)
    }

    private func merge(_ goal: MergeGoal, as name: String) -> Step {
        var command = emerge.merge(goal, jobs: parallelism)
        if let compilers {
            command =
                script("distribute.py") + [String(parallelism)] + compilers.hosts + ["--"] + command
        }
        var additions = ["PORTAGE_LOGDIR": Self.logs]
        if view.ccache != nil {
            additions["FEATURES"] = "ccache"
            additions["CCACHE_DIR"] = RootView.ccacheMountPoint
        }
        return Step(
            name: name, command: command,
            environment: environment.merging(additions) { $1 },
            mounts: view.mounts(binpkgs: .fenced, out: .fenced) + view.ccacheMounts,
            network: compilers == nil ? .none : .companions)
    }

    /// Reports the packages in the root.
    var harvest: Step {
        Step(
            name: "harvest", command: script("harvest.py"), environment: environment,
            mounts: view.mounts(out: .fenced), condition: .always)
    }

    /// Assembles a root from binary packages alone, with its build hooks.
    ///
    /// Nothing is compiled in a binary merge: Portage's sandboxes around the
    /// pkg_* phases would cost a third of the time and confine nothing that
    /// bubblewrap does not confine already.
    ///
    /// - Parameters:
    ///   - root: the root, which is that of the stage.
    ///   - isNative: whether `merge.py` merges the packages, where it can.
    ///   - keepsRoot: whether the root of an overlay is kept afterwards.
    func assemble(in root: Root, isNative: Bool = true, keepsRoot: Bool = false) -> Job {
        var steps = preparation + [installed]
        steps.append(
            Step(
                name: Self.mergeStep,
                command: emerge.assemble(
                    tuple.packages.text, jobs: parallelism, isNative: isNative),
                environment: environment.merging([
                    "FEATURES":
                        "-ipc-sandbox -mount-sandbox -network-sandbox -pid-sandbox "
                        + "-merge-sync parallel-install"
                ]) { $1 },
                mounts: view.mounts()))
        steps.append(
            Step(
                name: "harvest", command: script("harvest.py") + ["count"],
                environment: environment, mounts: view.mounts(out: .fenced)))
        steps += after
        return Job(
            id: "\(id)-assemble", root: root, steps: steps, keepsRoot: keepsRoot,
            cpu: tuple.cpu.text)
    }

    /// The step that fetches sources, the only one with a network.
    package static let fetchStep = "fetch"
    /// The step that compiles the packages of a build.
    package static let compileStep = "compile"
    /// The step that merges packages into the root.
    package static let mergeStep = "merge"
    /// Returns a step of a job that could not be run to its end.
    static func broken(_ step: String) -> StepResult {
        StepResult(name: step, status: .exited(1), duration: .zero)
    }
    /// The directory of the package logs, as a job sees it.
    package static let logs = "\(RootView.outMountPoint)/\(JobOutput.logs)"

    /// Reports the packages that are installed before anything is merged.
    package var installed: Step {
        Step(
            name: "installed", command: script("harvest.py") + ["before"],
            environment: environment, mounts: view.mounts(out: .fenced))
    }

    /// Turns the stage into the clean state that a merge starts from.
    package var preparation: [Step] {
        var steps: [Step] = []
        if hooks.hasCopy || hooks.hasModes { steps.append(hook("copy")) }
        steps += hooks.premerge.map { executable("premerge.d", $0) }
        return steps
    }

    private var after: [Step] {
        var steps: [Step] = []
        if hooks.hasModes { steps.append(hook("modes")) }
        if !hooks.unmerge.isEmpty {
            steps.append(
                Step(
                    name: "unmerge", command: script("unmerge.py") + hooks.unmerge,
                    environment: environment, mounts: view.mounts()))
        }
        steps += hooks.postmerge.map { executable("postmerge.d", $0) }
        if hooks.hasServices { steps.append(hook("services")) }
        if hooks.hasRemove {
            var remove = hook("remove")
            remove.mounts = view.removalMounts
            steps.append(remove)
        }
        return steps
    }

    func job(_ purpose: String, _ steps: [Step], keepsRoot: Bool = false) -> Job {
        Job(
            id: "\(id)-\(purpose)", root: root ?? .overlay(stage), steps: steps,
            companions: steps.contains { $0.network == .companions } ? compilers?.steps ?? [] : [],
            keepsRoot: keepsRoot, cpu: tuple.cpu.text)
    }

    /// Returns the command line that runs one of our scripts, see
    /// ``PortageScripts``.
    package func script(_ name: String) -> [String] {
        ["python3", "\(PortageScripts.mountPoint)/\(name)"]
    }

    private func hook(_ step: String) -> Step {
        Step(
            name: step, command: ["sh", "\(PortageScripts.mountPoint)/hooks.sh", step],
            environment: hookEnvironment, mounts: view.hookMounts())
    }

    private func executable(_ folder: String, _ name: String) -> Step {
        Step(
            name: "\(folder)/\(name)",
            command: [
                "sh", "\(PortageScripts.mountPoint)/hooks.sh", "run",
                "\(RootView.buildhooksMountPoint)/\(folder)/\(name)",
            ],
            environment: hookEnvironment, mounts: view.hookMounts())
    }

    private var hookEnvironment: [String: String] {
        environment.merging(["ZENTOO_TUPLE": tuple.text, "ZENTOO_ROOT": "/"]) { $1 }
    }

    /// The environment of the steps, with nothing of the host's. MAKEOPTS is
    /// not in make.conf: it depends on the builder and changes no package.
    package var environment: [String: String] {
        [
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "MAKEOPTS": "-j\(parallelism)",
            "PORTAGE_TMPDIR": "/var/tmp", "CLEAN_DELAY": "0",
            // --color=n does not reach the phases of an ebuild.
            "TERM": "dumb", "NOCOLOR": "true",
        ]
    }
}
