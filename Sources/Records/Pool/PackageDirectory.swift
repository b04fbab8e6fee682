package import Files
package import Sites
package import SystemPackage

/// One flavour's PKGDIR while we write it: locked, and mended first if the
/// writer before us died.
package struct PackageDirectory: ~Copyable {
    /// The directory.
    package let path: FilePath
    private let lock: FileLock

    /// Names the build that writes a PKGDIR; left behind by one that was killed.
    /// It lies beside the PKGDIR, like the lock: no job can write there.
    package static func marker(of path: FilePath) -> FilePath { beside(path, suffix: "writer") }

    /// A file of ours about a PKGDIR, which no job sees.
    static func beside(_ path: FilePath, suffix: String) -> FilePath {
        path.removingLastComponent()
            .appending(".\(path.lastComponent?.string ?? "").\(suffix)")
    }

    private init(path: FilePath, lock: consuming FileLock) {
        self.path = path
        self.lock = lock
    }

    /// Waits until nobody else on this machine writes the flavour.
    ///
    /// The lock lies beside the PKGDIR, and the process that runs the build
    /// holds it, not Portage inside the root.
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

    /// Locks a PKGDIR that is there, `<CHOST>/<flavour>` in the pool, unless
    /// somebody writes it.
    package static func tryLock(_ directory: String, in pool: FilePath) throws -> PackageDirectory?
    {
        let path = pool.pushing(FilePath(directory))
        guard let place = lockPath(of: path), let lock = try FileLock.tryLock(place) else {
            return nil
        }
        return PackageDirectory(path: path, lock: lock)
    }

    private static func lockName(of flavour: String) -> String { ".\(flavour).lock" }

    /// The lock of a PKGDIR, which lies beside it.
    static func lockPath(of path: FilePath) -> FilePath? {
        path.lastComponent.map {
            path.removingLastComponent().appending(lockName(of: $0.string))
        }
    }

    /// Whether the index cannot be trusted, as Portage does
    /// (`pkgdir-index-trusted`, make.conf(5)): a writer died here, or somebody
    /// has removed, replaced or added packages.
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
            // Another file of the same size is not the one that the index tells of.
            return (index?.sizes ?? [:]) != status.mapValues(\.size)
                || (index?.times ?? [:]).contains { status[$0.key]?.modified != $0.value }
        }
    }

    /// Removes what a run that ended early left half written; whole packages
    /// and what records name stay.
    ///
    /// - Parameter survey: of the pool that the directory is in.
    /// - Returns: what was removed, relative to the pool.
    package borrowing func removePartialFiles(_ survey: PoolSurvey) throws -> [String] {
        let components = path.components.suffix(2).map(\.string)
        let directory = components.joined(separator: "/")
        let partial = try survey.partialFiles(in: directory)
        try Self.remove(Set(partial), from: path)
        return partial.map { "\(directory)/\($0)" }
    }

    /// The sizes of the packages that are in a PKGDIR, by their path below it;
    /// a link is no package, wherever it leads.
    package static func sizes(in path: FilePath) throws -> [String: Int] {
        try contents(of: path).packages.mapValues(\.size)
    }

    /// What tells of each package in a PKGDIR whether it is still the same file,
    /// by its path below it.
    ///
    /// - Throws: `FileError`.
    package static func identities(in path: FilePath) throws -> [String: FileIdentity] {
        try contents(of: path).packages.mapValues(\.identity)
    }

    /// The packages that are in a PKGDIR, and whether something lies beside them
    /// that was to become one.
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

    /// Tells of all that lies in a PKGDIR where packages do: its path below the
    /// PKGDIR, and where it is.
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

    /// Takes packages out of a PKGDIR that nobody else writes, by their paths
    /// below it.
    package static func remove(_ packages: Set<String>, from path: FilePath) throws {
        try hide(packages, in: path)
        for package in packages { try FileContent.remove(path.appending(package)) }
    }

    /// Takes packages out of the index, so that Portage does not see them.
    package static func hide(_ packages: Set<String>, in path: FilePath) throws {
        guard !packages.isEmpty, let index = try PackageIndex(of: path) else { return }
        try FileContent.write(
            index.filtered { !packages.contains($0) }.bytes, to: path.appending("Packages"))
        try FileContent.remove(path.appending("Packages.gz"))
    }

    /// Says that `build` writes now, and what is there before it does.
    ///
    /// - Parameters:
    ///   - result: the result that the build has, should it be killed; nil for
    ///     what records nothing.
    ///   - expected: the versions that it compiles.
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

    /// Says that the directory is whole; ``UnrecordedPackages/forget(_:in:)`` says
    /// that what was written is recorded.
    package borrowing func endWriting() throws {
        try Directory.synchronize(path)
        try UnrecordedPackages.keep(in: path)
    }
}
