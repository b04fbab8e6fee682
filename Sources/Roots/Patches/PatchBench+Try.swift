package import Builds
internal import Engines
internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// The result of trying a patch.
package struct PatchTrialReport: Sendable, Hashable, Codable {
    /// The possible results.
    package enum Status: String, Sendable, Hashable, Codable {
        /// The package was built, and the session, if any, was run.
        case built
        /// The build failed.
        case failed
    }

    /// The root.
    package var root: String
    /// The package, with its version.
    package var version: String
    /// The result.
    package var status: Status
    /// The number of files that the diff changes.
    package var changes: Int
    /// The step that failed, or the ebuild phase if the merge failed.
    package var phase: String?
    /// The package that failed.
    package var failed: String?
    /// The last lines of output before the failure.
    package var lastLines: [String] = []
    /// The path of the complete log.
    package var log: String
    /// The path of the binary package in the root's own PKGDIR.
    package var package: String?
    /// The duration in seconds.
    package var durationSeconds: Int
    /// The exit status of the command that was run afterwards.
    package var commandStatus: Int32?
}

extension PatchBench {
    /// Builds a package in a clean root with the changes as an additional user
    /// patch, and keeps it in the root's own PKGDIR. The work tree is not
    /// touched.
    ///
    /// - Parameters:
    ///   - package: as in ``PatchSurvey/place(_:in:)``.
    ///   - runsTests: whether the package's own tests are run.
    ///   - session: the session to run afterwards in the root where it was
    ///     built; nil for none.
    /// - Throws: ``ZentooError`` when the trial cannot be started; a build
    ///   failure is reported, not thrown.
    package func attempt(
        _ package: String?, in root: ZentooName, runsTests: Bool = false,
        then session: SessionOptions? = nil, report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> PatchTrialReport {
        let rootPlace = RootPlace(root, in: machine.state)
        return try await RootLock.holding(rootPlace, "a patch is being tried") {
            let place = try survey.place(package, in: root)
            return try await BuildLife.during(BuildID.make(), on: machine) { id in
                let trial = try await PatchTrial(
                    id: id, place: place, source: PatchSource(place: place), runsTests: runsTests,
                    options: session,
                    workplace: workplace(rootPlace, report: report).withEngine())
                return try await trial.perform()
            }
        }
    }
}
