internal import Files
internal import Glibc
package import Sites
package import SystemPackage

/// The directory for files of the pool that must not be used: beside the
/// flavours, grouped by the build that found them, each with its original path.
///
/// Files there are never overwritten or read; users inspect and delete them.
package struct Quarantine {
    /// A file that must not be used.
    package struct Unfit: Hashable {
        /// The path that the package has or had.
        package let path: PoolPath
        /// The reason.
        package let reason: String

        /// Creates a value from a package and the reason.
        package init(path: PoolPath, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    let pool: FilePath
    let build: BuildID

    /// Creates the quarantine of a build in a pool.
    package init(pool: FilePath, build: BuildID) {
        self.pool = pool
        self.build = build
    }

    /// The name of the directory in the pool.
    static let name = ".quarantine"

    /// Moves packages out of a PKGDIR, after removing them from its index. The
    /// caller must ensure that no other process writes to the PKGDIR.
    ///
    /// - Returns: what was done with each package, in one sentence.
    package func take(_ packages: [Unfit], from flavour: FilePath) throws -> [String] {
        try PackageDirectory.hide(Set(packages.map(\.path.pathInFlavour)), in: flavour)
        return try packages.compactMap { package in
            try take(package.path.description).map {
                "'\(package.path)' is not used: \(package.reason); it is now '\($0)'"
            }
        }
    }

    /// Removes the directories of a package and its category if they are empty.
    private func removeEmptyDirectories(above path: PoolPath) {
        var directory = pool.appending(path.description).removingLastComponent()
        for _ in 0..<2 where rmdir(directory.string) == 0 { directory.removeLastComponent() }
    }

    /// Moves a file into the quarantine, by path below the pool.
    ///
    /// - Returns: its new path; nil if it did not exist.
    package func take(_ path: String) throws -> FilePath? {
        guard try FileStatus.of(pool.appending(path)) != nil else { return nil }
        let place = pool.appending(Self.name).appending(build.description)
            .pushing(FilePath(path))
        try Directory.create(place.removingLastComponent())
        var free = place
        var number = 2
        while try FileStatus.of(free) != nil {
            free = FilePath("\(place).\(number)")
            number += 1
        }
        try Directory.move(pool.appending(path), to: free)
        if let package = PoolPath(path) { removeEmptyDirectories(above: package) }
        return free
    }
}
