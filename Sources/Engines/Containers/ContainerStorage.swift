internal import Glibc
public import SystemPackage

/// How the directories of this machine come into containers, which may run
/// on another one: under the same path, as a shared file system has it, or in
/// a volume.
public struct ContainerStorage: Sendable, Hashable {
    /// A directory that every machine of the engine must have.
    public struct Area: Sendable, Hashable {
        /// The directory here.
        public var directory: FilePath
        /// The volume that holds it; under the same path when absent.
        public var volume: ContainerVolume?

        /// An area, by path or volume.
        public init(_ directory: FilePath, volume: ContainerVolume? = nil) {
            self.directory = directory
            self.volume = volume
        }
    }

    /// The areas; whatever lies in none of them is taken under its own path.
    public var areas: [Area]

    /// Storage of these areas.
    public init(_ areas: [Area]) {
        self.areas = areas
    }

    /// What is to be found in the areas, by their directories; of those that
    /// are there yet.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    func identities() throws -> [FilePath: String] {
        var identities: [FilePath: String] = [:]
        for area in areas where access(area.directory.string, F_OK) == 0 {
            identities[area.directory] = try StorageMarker.identity(of: area.directory)
        }
        return identities
    }

    /// Whether Docker misses something of an area that this machine has.
    func isMissed(in complaint: String) -> Bool {
        areas.contains { area in
            guard let start = complaint.firstRange(of: area.directory.string) else { return false }
            var path = String(complaint[start.lowerBound...])
            // The full stop is docker(1)'s own.
            if path.last == "." { path.removeLast() }
            return self.area(of: FilePath(path)) != nil && access(path, F_OK) == 0
        }
    }

    /// What is wrong when a machine has another directory than ours.
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

    /// The innermost area that holds a path.
    func area(of path: FilePath) -> Area? {
        areas.filter { path.starts(with: $0.directory) }
            .max { $0.directory.components.count < $1.directory.components.count }
    }
}
