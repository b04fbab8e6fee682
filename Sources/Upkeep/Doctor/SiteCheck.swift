package import Builds
package import Sites

/// The check that a site can be built on this machine.
package struct SiteCheck {
    let site: Site
    let store: StageStore
    let programs: ProgramCheck

    /// Creates a check of a site and of the stages on this machine.
    ///
    /// - Parameter programs: the check for the programs that are needed to
    ///   fetch missing stages.
    package init(_ site: Site, store: StageStore, programs: ProgramCheck? = nil) {
        self.site = site
        self.store = store
        self.programs = programs ?? ProgramCheck(privileges: store.privileges)
    }

    /// Returns the findings.
    ///
    /// - Throws: `GitError`.
    package func findings() throws -> [Finding] {
        let mistakes = try site.check().count
        let tuples = site.declaredTuples.count
        var findings = [
            mistakes == 0
                ? Finding(.ok, "site", "'\(site.name)', \(tuples) tuple\(tuples == 1 ? "" : "s")")
                : Finding(
                    .fail, "site",
                    "'\(site.name)' has \(mistakes) mistake\(mistakes == 1 ? "" : "s")",
                    hints: ["git zentoo tuple check"])
        ]
        for entry in site.stages {
            guard let locked = site.lock.stages[entry.name] else {
                findings.append(
                    Finding(
                        .warn, "stage", "'\(entry.name)' has never been added",
                        hints: ["git zentoo stage add \(entry.name)"]))
                continue
            }
            findings.append(
                store.info(of: locked.digest) != nil
                    ? Finding(.ok, "stage", "'\(entry.name)' is here")
                    : Finding(
                        .warn, "stage",
                        "'\(entry.name)' is not here yet: the first build on it fetches it",
                        hints: ["git zentoo stage add \(entry.name)"]))
        }
        let isImageMissing = site.stages.contains { entry in
            guard case .image = entry.source else { return false }
            return site.lock.stages[entry.name].flatMap { store.info(of: $0.digest) } == nil
        }
        if isImageMissing { findings += programs.findingsForImages() }
        return findings
    }
}
