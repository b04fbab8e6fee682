package import Files
package import Sites
package import SystemPackage

/// The PKGDIR of a flavour, locked for writing. If the previous writer died, it
/// must be repaired first (``needsRepair``).
package struct PackageDirectory: ~Copyable {
    /// The path of the directory.
    package let path: FilePath
    private let lock: FileLock

    /// Returns the path of the file that names the build writing to a PKGDIR; a
    /// killed build leaves it behind. Like the lock, it is beside the PKGDIR,
    /// where no job can write.
    package static func marker(of path: FilePath) -> FilePath { beside(path, suffix: "writer") }

    /// Returns the path of a file about a PKGDIR, outside of what jobs can see.
    static func beside(_ path: FilePath, suffix: String) -> FilePath {
        path.removingLastComponent()
            .appending(".\(path.lastComponent?.string ?? "").\(suffix)")
    }

    /// Returns the name of a PKGDIR in its pool: `<CHOST>/<flavour>`.
    package static func name(of path: FilePath) -> String {
        path.components.suffix(2).map(\.string).joined(separator: "/")
    }

    private init(path: FilePath, lock: consuming FileLock) {
        self.path = path
        self.lock = lock
    }

    /// Locks the PKGDIR of a flavour, after waiting for other writers on this
    /// machine.
    ///
    /// The lock is beside the PKGDIR. It is held by the process that runs the
    /// build, not by Portage inside the root.
    package static func lock(
        _ flavour: Flavour, in pool: FilePath, onWait: () -> Void
    ) async throws -> PackageDirectory {
        let parent = pool.appending(flavour.chost)
        try Directory.create(parent)
        let lock = try await FileLock.lock(
            parent.appending(lockName(of: flavour.id)), onWait: onWait)
        let path = parent.appending(flavour.id)
        try Directory.create(path)
        return PackageDirectory(path: path, lock: lock)
    }

    /// Locks an existing PKGDIR, `<CHOST>/<flavour>` in the pool; returns nil
    /// if another process holds the lock.
    package static func tryLock(_ directory: String, in pool: FilePath) throws -> PackageDirectory?
    {
        let path = pool.pushing(FilePath(directory))
        guard let place = lockPath(of: path), let lock = try FileLock.tryLock(place) else {
            return nil
        }
        return PackageDirectory(path: path, lock: lock)
    }

    private static func lockName(of flavour: String) -> String { ".\(flavour).lock" }

    /// Returns the path of a PKGDIR's lock, which is beside the PKGDIR.
    static func lockPath(of path: FilePath) -> FilePath? {
        path.lastComponent.map {
            path.removingLastComponent().appending(lockName(of: $0.string))
        }
    }

    /// Whether the index cannot be trusted, as Portage does
    /// (`pkgdir-index-trusted`, make.conf(5)): a writer died, or packages were
    /// removed, replaced or added by other means.
    package var needsRepair: Bool {
        get throws {
            if try FileStatus.of(Self.marker(of: path)) != nil { return true }
            if try Directory.names(in: path).contains(where: {
                PackageFile.isTemporaryIndex($0.string)
            }) {
                return true
            }
            let index = try PackageIndex(of: path)
            let (status, hasTemporary) = try Self.contents(of: path)
            if hasTemporary || index == nil && !status.isEmpty { return true }
            // A package with the same size but another time is not the indexed
            // one.
            return (index?.sizes ?? [:]) != status.mapValues(\.size)
                || (index?.times ?? [:]).contains { status[$0.key]?.modified != $0.value }
        }
    }

    /// Removes the partial files of a run that ended early; complete packages
    /// and files named by records are kept.
    ///
    /// - Parameter survey: the survey of the pool that contains the directory.
    /// - Returns: the removed files, relative to the pool.
    package borrowing func removePartialFiles(_ survey: PoolSurvey) throws -> [String] {
        let directory = Self.name(of: path)
        let partial = try survey.partialFiles(in: directory)
        try Self.remove(Set(partial), from: path)
        return partial.map { "\(directory)/\($0)" }
    }

    /// Returns the sizes of the packages in a PKGDIR, by path below it;
    /// symbolic links are not packages.
    package static func sizes(in path: FilePath) throws -> [String: Int] {
        try contents(of: path).packages.mapValues(\.size)
    }

    /// Returns the identities of the packages in a PKGDIR, by path below it, to
    /// detect whether a file was replaced or modified.
    ///
    /// - Throws: `FileError`.
    package static func identities(in path: FilePath) throws -> [String: FileIdentity] {
        try contents(of: path).packages.mapValues(\.identity)
    }

    /// Returns the packages in a PKGDIR, and whether there are temporary files
    /// of unfinished packages.
    private static func contents(
        of path: FilePath
    ) throws -> (packages: [String: FileStatus], hasTemporary: Bool) {
        var packages: [String: FileStatus] = [:]
        var hasTemporary = false
        try visit(path) { name, file in
            if name.hasSuffix(PoolPath.suffix) {
                if let status = try FileStatus.of(file), status.kind == .file {
                    packages[name] = status
                }
            } else if PackageFile.kind(of: file.lastComponent?.string ?? "") == .temporary {
                hasTemporary = true
            }
        }
        return (packages, hasTemporary)
    }

    /// Calls `body` with the path below a PKGDIR and the full path of each file
    /// in a package's directory.
    static func visit(
        _ path: FilePath, _ body: (_ name: String, _ file: FilePath) throws -> Void
    ) throws {
        for category in try Directory.names(in: path) {
            let categoryPath = path.appending(category)
            guard try FileStatus.of(categoryPath)?.kind == .directory else { continue }
            for package in try Directory.names(in: categoryPath) {
                let packagePath = categoryPath.appending(package)
                guard try FileStatus.of(packagePath)?.kind == .directory else { continue }
                for file in try Directory.names(in: packagePath) {
                    try body(
                        "\(category.string)/\(package.string)/\(file.string)",
                        packagePath.appending(file))
                }
            }
        }
    }

    /// Removes packages from a PKGDIR, by path below it. The caller must ensure
    /// that no other process writes to it.
    package static func remove(_ packages: Set<String>, from path: FilePath) throws {
        try hide(packages, in: path)
        for package in packages { try FileContent.remove(path.appending(package)) }
    }

    /// Removes packages from the index, so that Portage does not see them.
    package static func hide(_ packages: Set<String>, in path: FilePath) throws {
        guard !packages.isEmpty, let index = try PackageIndex(of: path) else { return }
        try FileContent.write(
            index.filtered { !packages.contains($0) }.bytes, to: path.appending("Packages"))
        try FileContent.remove(path.appending("Packages.gz"))
    }

    /// Marks the PKGDIR as written by `build`, and stores which packages exist
    /// before.
    ///
    /// - Parameters:
    ///   - result: the result to record if the build is killed; nil for an
    ///     operation that records nothing.
    ///   - expected: the versions that the build compiles.
    /// - Throws: `FileError`.
    package borrowing func beginWriting(
        _ build: BuildID, as result: BuildResult? = nil, expecting expected: Set<CPV> = []
    ) throws {
        let present = try Self.sizes(in: path).keys.sorted()
        let note = WriterNote(
            build: build, result: result, paths: result == nil ? [] : present,
            expected: Set(expected.map(\.description)))
        try FileContent.write(note.bytes, to: Self.marker(of: path))
    }

    /// Marks the directory as complete.
    /// ``UnrecordedPackages/forget(_:recorded:in:)`` marks the written packages
    /// as recorded.
    package borrowing func endWriting() throws {
        try Directory.synchronize(path)
        try UnrecordedPackages.keep(in: path)
    }
}
