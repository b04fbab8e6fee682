package import Builds
internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// What came of preparing a source.
package struct PreparedSource: Sendable, Hashable, Codable {
    /// The patch work.
    package var work: PatchWork
    /// Whether the patch that is worked on anew does not apply; what could not
    /// be applied is in the source as `.rej` files.
    package var isRejected: Bool
    /// What of the source is left out: repositories, and what is neither file,
    /// directory nor link.
    package var leftOut: [String]
}

extension PatchBench {
    /// Unpacks the source of a package as it is where user patches are
    /// applied, with those that the root has, into a directory to be edited.
    ///
    /// - Parameters:
    ///   - edited: a user patch that is to be worked on anew: its changes are
    ///     made, but to be saved, and those after it are left out.
    ///   - isForced: even when there are changes that are not saved.
    /// - Throws: ``ZentooError``, `EngineError`, `GitError`, `FileError`; then
    ///   all is as it was.
    package func prepare(
        _ package: PatchPackage, in root: ZentooName, editing edited: PatchName? = nil,
        isForced: Bool = false, report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> PreparedSource {
        let rootPlace = RootPlace(root, in: machine.state)
        return try await RootLock.holding(rootPlace, "a source is being prepared") {
            let place = PatchPlace(root: rootPlace, package: package.package)
            if !isForced, try FileStatus.of(place.directory) != nil {
                try demandNothingToLose(at: place)
            }
            return try await BuildLife.during(BuildID.make(), on: machine) { id in
                let preparation = try await PatchPreparation(
                    id: id, package: package, edited: edited, place: place,
                    workplace: workplace(rootPlace, report: report).withEngine())
                return try await preparation.perform()
            }
        }
    }
}
