internal import Engines
internal import Sites
internal import SystemPackage

/// The jobs by which a root is rebuilt that becomes a stage.
///
/// Build hooks are none of them: they make a system of what is built over a
/// stage, and would run a second time there.
extension BuildJobs {
    /// Merges, tells what was made, and of which flavour the root is then.
    func rebuilding(_ goal: MergeGoal, fetches: Bool) -> Job {
        var flavour = flavourStep
        flavour.condition = .always
        return job("bootstrap", merging(goal, fetches: fetches) + [flavour])
    }

    /// Removes what neither the root's world nor the set needs, tells what is left
    /// of the flavour's packages, and of which flavour the root is then.
    ///
    /// - Parameter package: `category/name`, when nothing but old versions of it
    ///   are to go; what is left is not told then.
    func cleaning(_ package: String? = nil) -> Job {
        let depclean = Step(
            name: "depclean",
            command: ["sh", "\(PortageScripts.mountPoint)/depclean.sh", tuple.packages.text]
                + (package.map { [$0] } ?? []),
            environment: environment.merging(["EMERGE_WARNING_DELAY": "0"]) { $1 },
            mounts: view.mounts())
        return job("bootstrap", [depclean] + (package == nil ? [harvest] : []) + [flavourStep])
    }

    /// Gives the root an /etc/portage of its own, as this directory has it. By a
    /// step in the root, which no link in it leads out of.
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
