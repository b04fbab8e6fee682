internal import Engines
internal import Files
internal import Records
internal import SystemPackage

extension PackageDirectory {
    /// Removes indexes that are not regular files: a symbolic link would make
    /// Portage write elsewhere, a directory or FIFO would block it.
    ///
    /// - Returns: the removed files, relative to the directory.
    /// - Throws: `FileError`, `EngineError`.
    static func removeIrregularIndexes(
        from path: FilePath, by privileges: Privileges
    ) async throws -> [String] {
        var removed: [String] = []
        for name in ["Packages", "Packages.gz"] {
            let place = path.appending(name)
            switch try FileStatus.of(place)?.kind {
            case nil, .file: continue
            case .directory: try await privileges.removeTree(place)
            case .link, .other: try FileContent.remove(place)
            }
            removed.append(name)
        }
        return removed
    }
}
