internal import Engines
internal import Files
package import Records
internal import Sites
internal import SystemPackage

/// The files and directories that a build makes where nobody sees them yet,
/// noted for whoever has to clear them away when it is killed.
///
/// Not noted among the results: what a job can write must never name what we
/// remove.
package struct UnfinishedPlaces {
    let build: BuildID
    let machine: Machine

    private static let prefix = "place-"

    private var note: FilePath { machine.state.locks.appending("\(Self.prefix)\(build)") }

    /// The build whose note has this name; nil for another file.
    package static func build(ofNote name: String) -> BuildID? {
        name.hasPrefix(prefix) ? BuildID(String(name.dropFirst(prefix.count))) : nil
    }

    /// Notes one more.
    func add(_ path: FilePath) throws {
        let noted = try FileContent.read(note) ?? []
        try FileContent.write(noted + Array(path.string.utf8) + [0], to: note)
    }

    /// Removes those that are still there.
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
