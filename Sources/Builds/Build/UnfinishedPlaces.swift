internal import Engines
internal import Files
package import Records
internal import Sites
internal import SystemPackage

/// The files and directories that a build creates at temporary paths, noted so
/// that they can be removed if it is killed.
///
/// The note is not among the results: a job must never be able to name what is
/// removed.
package struct UnfinishedPlaces {
    let build: BuildID
    let machine: Machine

    private static let prefix = "place-"

    private var note: FilePath { machine.state.locks.appending("\(Self.prefix)\(build)") }

    /// Returns the build whose note has this name; nil for another file.
    package static func build(ofNote name: String) -> BuildID? {
        name.hasPrefix(prefix) ? BuildID(String(name.dropFirst(prefix.count))) : nil
    }

    /// Notes a path.
    func add(_ path: FilePath) throws {
        let noted = try FileContent.read(note) ?? []
        try FileContent.write(noted + Array(path.string.utf8) + [0], to: note)
    }

    /// Removes those that still exist, and the note.
    func clear() async throws {
        guard let noted = try FileContent.read(note) else { return }
        for bytes in noted.split(separator: 0) {
            let path = FilePath(String(decoding: bytes, as: UTF8.self))
            switch try FileStatus.of(path)?.kind {
            case nil: continue
            case .directory: try await machine.privileges.removeTree(path)
            default: try FileContent.remove(path)
            }
        }
        try FileContent.remove(note)
    }
}
