package import Builds
internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// The result of preparing a source.
package struct PreparedSource: Sendable, Hashable, Codable {
    /// The patch work.
    package var work: PatchWork
    /// Whether the patch being edited does not apply cleanly; the rejected
    /// hunks are in the source as `.rej` files.
    package var isRejected: Bool
    /// The paths of the source that are left out: nested repositories, names
    /// that git refuses, and anything but files, directories and symbolic
    /// links.
    package var leftOut: [String]
}

extension PatchBench {
    /// Unpacks the source of a package into a directory for editing, in the
    /// state in which `eapply_user` leaves it: with the root's user patches
    /// applied.
    ///
    /// - Parameters:
    ///   - edited: a user patch to edit again: its changes are applied as
    ///     unsaved changes, and later patches are left out.
    ///   - isForced: whether unsaved changes may be discarded.
    /// - Throws: ``ZentooError``, `EngineError`, `GitError`, `FileError`;
    ///   nothing is changed in that case.
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
