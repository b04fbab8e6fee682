internal import Engines
internal import Sites
internal import SystemPackage

/// The jobs that rebuild a root to become a stage.
///
/// Build hooks are not run: they turn a build over a stage into a system, and
/// would run a second time there.
extension BuildJobs {
    /// Merges, reports the packages made and the resulting flavour of the root.
    func rebuilding(_ goal: MergeGoal, fetches: Bool) -> Job {
        var flavour = flavourStep
        flavour.condition = .always
        return job("bootstrap", merging(goal, fetches: fetches) + [flavour])
    }

    /// Removes packages that neither the root's world nor the set needs, and
    /// reports the remaining packages of the flavour and the resulting flavour
    /// of the root.
    ///
    /// - Parameter package: `category/name`, to remove only old versions of
    ///   that package; the remaining packages are then not reported.
    func cleaning(_ package: String? = nil) -> Job {
        let depclean = Step(
            name: "depclean",
            command: ["sh", "\(PortageScripts.mountPoint)/depclean.sh", tuple.packages.text]
                + (package.map { [$0] } ?? []),
            environment: environment.merging(["EMERGE_WARNING_DELAY": "0"]) { $1 },
            mounts: view.mounts())
        return job("bootstrap", [depclean] + (package == nil ? [harvest] : []) + [flavourStep])
    }

    /// Copies a directory to the root's own /etc/portage. This is a step
    /// inside the root, so symbolic links in the root cannot lead outside it.
    func configuring(with portage: FilePath) -> Job {
        let place = "/run/zentoo/portage"
        return job(
            "bootstrap",
            [
                Step(
                    name: "configuration",
                    command: [
                        "sh", "-c", "rm -rf /etc/portage && exec cp -R -P \(place) /etc/portage",
                    ], environment: environment,
                    mounts: [.readOnly(source: portage, target: place)])
            ])
    }
}
