internal import Files
internal import Glibc
package import Sites
package import SystemPackage

/// Where files of the pool go that must not be used: beside the flavours, each
/// below the name of the build that found it, and at the path that it had.
///
/// Nothing is overwritten there, and nothing reads it: it is for people, who
/// remove it when they have seen it.
package struct Quarantine {
    /// A file that must not be used.
    package struct Unfit: Hashable {
        /// Where the package lies, or lay.
        package let path: PoolPath
        /// Why.
        package let reason: String

        /// A package and why it must not be used.
        package init(path: PoolPath, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    let pool: FilePath
    let build: BuildID

    /// Where a build puts what it found in a pool.
    package init(pool: FilePath, build: BuildID) {
        self.pool = pool
        self.build = build
    }

    /// The directory's name in the pool.
    static let name = ".quarantine"

    /// Takes packages out of a PKGDIR that nobody else writes: first out of its
    /// index, then away.
    ///
    /// - Returns: what has become of each, in a sentence.
    package func take(_ packages: [Unfit], from flavour: FilePath) throws -> [String] {
        try PackageDirectory.hide(Set(packages.map(\.path.pathInFlavour)), in: flavour)
        return try packages.compactMap { package in
            try take(package.path.description).map {
                "'\(package.path)' is not used: \(package.reason); it is now '\($0)'"
            }
        }
    }

    /// Those of a package and its category, where nothing else is.
    private func removeEmptyDirectories(above path: PoolPath) {
        var directory = pool.appending(path.description).removingLastComponent()
        for _ in 0..<2 where rmdir(directory.string) == 0 { directory.removeLastComponent() }
    }

    /// Moves a file away, by its path below the pool.
    ///
    /// - Returns: where it is now; nil when it was not there.
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
