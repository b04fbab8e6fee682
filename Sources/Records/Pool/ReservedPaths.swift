internal import Files
internal import Glibc
internal import Sites
package import SystemPackage

/// Paths in a PKGDIR that records name but that no longer have a file. A new
/// package must not use such a path, since the record would then be wrong
/// permanently.
///
/// Portage numbers the builds of a version by the files in PKGDIR and takes the
/// next free number. Therefore an empty directory is created at each of these
/// paths while packages are compiled; a directory is never taken for a package.
package struct ReservedPaths {
    private let places: [FilePath]

    /// Reserves paths below `directory`; existing files are not touched.
    package init(_ paths: some Sequence<String>, in directory: FilePath) throws {
        var places: [FilePath] = []
        for path in paths {
            let place = directory.appending(path)
            guard try FileStatus.of(place) == nil else { continue }
            try Directory.create(place)
            places.append(place)
        }
        self.places = places
    }

    /// Removes the reservations.
    package func release() {
        for place in places { Self.remove(place) }
    }

    /// Removes the reservations of a writer that was killed.
    package static func clear(_ directory: FilePath) throws {
        for category in try directories(in: directory) {
            for package in try directories(in: category) {
                for place in try directories(in: package)
                where place.lastComponent?.string.hasSuffix(PoolPath.suffix) == true {
                    remove(place)
                }
            }
        }
    }

    /// Removes a reservation, and the directories of the package and its
    /// category if they are empty.
    private static func remove(_ place: FilePath) {
        var directory = place
        for _ in 0..<3 where rmdir(directory.string) == 0 { directory.removeLastComponent() }
    }

    private static func directories(in directory: FilePath) throws -> [FilePath] {
        try Directory.names(in: directory).map { directory.appending($0) }
            .filter { try FileStatus.of($0)?.kind == .directory }
    }
}
