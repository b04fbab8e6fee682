internal import Glibc
public import SystemPackage

/// How the directories of this machine are mounted in containers, which may run
/// on another machine: under the same path, as with a shared file system, or
/// from a volume.
public struct ContainerStorage: Sendable, Hashable {
    /// A directory that every machine of the engine must have.
    public struct Area: Sendable, Hashable {
        /// The directory on this machine.
        public var directory: FilePath
        /// The volume that holds it; nil if it has the same path everywhere.
        public var volume: ContainerVolume?

        /// Creates an area, under its own path or in a volume.
        public init(_ directory: FilePath, volume: ContainerVolume? = nil) {
            self.directory = directory
            self.volume = volume
        }
    }

    /// The areas; paths outside all areas are mounted under their own path.
    public var areas: [Area]

    /// Creates a storage of these areas.
    public init(_ areas: [Area]) {
        self.areas = areas
    }

    /// Returns the identities of the areas that exist already, by their
    /// directories.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    func identities() throws -> [FilePath: String] {
        var identities: [FilePath: String] = [:]
        for area in areas where access(area.directory.string, F_OK) == 0 {
            identities[area.directory] = try StorageMarker.identity(of: area.directory)
        }
        return identities
    }

    /// Returns whether Docker reports as missing a path of an area that exists
    /// on this machine.
    func isMissed(in complaint: String) -> Bool {
        areas.contains { area in
            guard let start = complaint.firstRange(of: area.directory.string) else { return false }
            var path = String(complaint[start.lowerBound...])
            // docker(1) adds the full stop.
            if path.last == "." { path.removeLast() }
            return self.area(of: FilePath(path)) != nil && access(path, F_OK) == 0
        }
    }

    /// Returns the error for a machine that has a different directory than this
    /// one.
    func foreign(on machine: String) -> EngineError {
        let places = areas.map { area in
            area.volume.map { "volume '\($0.name)'" } ?? "'\(area.directory)'"
        }
        return EngineError(
            .unavailable,
            "\(machine) does not have the same \(places.joined(separator: ", ")) as this one",
            hints: [
                "mount one file system there on all machines, such as NFS",
                "or name a volume that all have: git config zentoo.swarm.volume.pool FIELDS",
            ])
    }

    /// Returns the innermost area that contains a path.
    func area(of path: FilePath) -> Area? {
        areas.filter { path.starts(with: $0.directory) }
            .max { $0.directory.components.count < $1.directory.components.count }
    }
}
