package import Builds
internal import Engines
internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// How trying a patch ended.
package struct PatchTrialReport: Sendable, Hashable, Codable {
    /// The possible ends.
    package enum Status: String, Sendable, Hashable, Codable {
        /// It was built, and what was to be done then was done.
        case built
        /// It does not build.
        case failed
    }

    /// The root.
    package var root: String
    /// The package, with its version.
    package var version: String
    /// How it ended.
    package var status: Status
    /// How many files the diff changes.
    package var changes: Int
    /// Which step failed, or which phase of which package.
    package var phase: String?
    /// The package that failed.
    package var failed: String?
    /// The end of what was said before the failure.
    package var lastLines: [String] = []
    /// The whole log.
    package var log: String
    /// The binary package, which is the root's own.
    package var package: String?
    /// In seconds.
    package var durationSeconds: Int
    /// What the command that was to be run then ended with.
    package var commandStatus: Int32?
}

extension PatchBench {
    /// Builds a package with what was changed as one more user patch, in a
    /// clean root, and keeps it for the root alone. Its work tree is not
    /// touched.
    ///
    /// - Parameters:
    ///   - package: as in ``PatchSurvey/place(_:in:)``.
    ///   - runsTests: whether the package's own tests are run.
    ///   - session: what is run in the root where it was built; nil for
    ///     nothing.
    /// - Throws: ``ZentooError`` when it cannot be begun; a package that fails
    ///   is a report.
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
