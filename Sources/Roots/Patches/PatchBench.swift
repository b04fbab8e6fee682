package import Builds
internal import Engines
internal import Files
internal import Git
package import Sites
internal import SystemPackage

/// The patch workflow: prepares the sources of packages in roots, builds them
/// with the changes, and saves the changes as patches on the roots' branches.
package struct PatchBench: Sendable {
    let machine: Machine
    let sites: [ZentooName]
    let preferredSite: ZentooName

    /// Creates a patch workflow on `machine`.
    ///
    /// - Parameters:
    ///   - sites: the repository's sites.
    ///   - preferred: the site that a root is assigned to when its history
    ///     matches several sites, or none.
    package init(machine: Machine, sites: [ZentooName], preferred: ZentooName) {
        self.machine = machine
        self.sites = sites
        preferredSite = preferred
    }

    var survey: PatchSurvey { PatchSurvey(state: machine.state) }

    func workplace(
        _ place: RootPlace, report: @escaping @Sendable (BuildEvent) -> Void
    ) throws -> RootWorkplace {
        try RootWorkplace(
            place, on: machine, sites: sites, preferredSite: preferredSite, report: report)
    }

    /// Discards the patch work on a package.
    ///
    /// - Parameters:
    ///   - name: as in ``PatchSurvey/place(_:in:)``.
    ///   - isForced: whether to discard changes that are unsaved or cannot be
    ///     read.
    /// - Returns: the category and name of the package.
    /// - Throws: ``ZentooError`` of code `busy` when changes would be lost or
    ///   the root is in use; `EngineError`, `FileError`.
    package func drop(_ name: String?, in root: ZentooName, isForced: Bool) async throws -> String {
        let place = RootPlace(root, in: machine.state)
        return try await RootLock.holding(place, "patch work is being dropped") {
            let place = try survey.place(name, in: root)
            if !isForced { try demandNothingToLose(at: place) }
            try await machine.privileges.removeTree(place.directory)
            return place.package
        }
    }

    /// Checks that there are no unsaved changes.
    ///
    /// - Throws: ``ZentooError`` of code `busy` when there are.
    func demandNothingToLose(at place: PatchPlace) throws {
        let count = try survey.work(at: place).changes.count
        guard count == 0 else {
            let (root, package) = (place.root.name, place.package)
            throw ZentooError(
                .busy,
                "the patch work on '\(package)' has "
                    + (count == 1 ? "1 changed file that is" : "\(count) changed files that are")
                    + " not saved",
                hints: [
                    "'git zentoo patch save \(root) NAME \(package)' saves it, "
                        + "--force throws it away"
                ])
        }
    }
}
