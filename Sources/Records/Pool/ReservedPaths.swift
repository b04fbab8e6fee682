internal import Files
internal import Glibc
internal import Sites
package import SystemPackage

/// Paths in a PKGDIR that records name and where no file is any more: a new
/// package must not get one of them, since the record would then be wrong for
/// ever.
///
/// Portage numbers the builds of a version by what it finds in PKGDIR, and takes
/// the next number that is free. So an empty directory stands at each of these
/// paths while packages are compiled. Nothing takes a directory for a package.
package struct ReservedPaths {
    private let places: [FilePath]

    /// Reserves paths below `directory`; those where something is stay as they
    /// are.
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

    /// Gives them back.
    package func release() {
        for place in places { Self.remove(place) }
    }

    /// Gives back what a writer has reserved that was killed.
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

    /// With the directories of the package and its category, unless something
    /// else is there.
    private static func remove(_ place: FilePath) {
        var directory = place
        for _ in 0..<3 where rmdir(directory.string) == 0 { directory.removeLastComponent() }
    }

    private static func directories(in directory: FilePath) throws -> [FilePath] {
        try Directory.names(in: directory).map { directory.appending($0) }
            .filter { try FileStatus.of($0)?.kind == .directory }
    }
}
