internal import Files
package import SystemPackage

/// The problems of one PKGDIR from Portage's point of view, independent of the
/// records.
package struct PackageDirectoryState: Sendable, Hashable, Codable {
    /// `<CHOST>/<flavour>`.
    package let directory: String
    /// Whether `Packages` is missing although there are packages, or is not a
    /// regular file, so that Portage finds no package.
    package var lacksIndex = false
    /// Packages in the index that do not exist or have another size; relative
    /// to the directory, sorted.
    package var stale: [String] = []
    /// Packages that exist but are not in the index.
    package var unindexed: [String] = []
    /// Partial files of a run that was killed or that ran out of disk space.
    package var partial: [String] = []

    /// Whether the index matches the contents.
    package var isIndexed: Bool { !lacksIndex && stale.isEmpty && unindexed.isEmpty }
    /// Whether there are no problems.
    package var isWhole: Bool { isIndexed && partial.isEmpty }

    /// Short descriptions of the problems.
    package var problems: [String] {
        var problems: [String] = []
        if lacksIndex {
            problems.append("there is no index 'Packages'")
        } else {
            if !stale.isEmpty {
                problems.append(
                    "the index names \(Self.count(stale)) that \(stale.count == 1 ? "is" : "are") "
                        + "not there")
            }
            if !unindexed.isEmpty {
                problems.append("the index does not name \(Self.count(unindexed))")
            }
        }
        if !partial.isEmpty {
            problems.append(
                partial.count == 1 ? "1 file is partial" : "\(partial.count) files are partial")
        }
        return problems
    }

    private static func count(_ packages: [String]) -> String {
        packages.count == 1 ? "1 package" : "\(packages.count) packages"
    }
}

/// Checks the PKGDIRs of a pool.
package struct PoolSurvey {
    let pool: FilePath
    /// Returns whether a record names a file, by path in the pool: such a file
    /// is compared with its record, and never removed as partial.
    let isRecorded: (String) throws -> Bool

    /// Creates a survey of a pool.
    package init(pool: FilePath, isRecorded: @escaping (String) throws -> Bool) {
        self.pool = pool
        self.isRecorded = isRecorded
    }

    /// Returns the problems by directory; PKGDIRs that a build is writing to
    /// are omitted.
    ///
    /// - Throws: `FileError`.
    package func problems() throws -> [PackageDirectoryState] {
        try directories().compactMap { directory in
            guard try !Self.isBeingWritten(pool.pushing(FilePath(directory))) else { return nil }
            let state = try state(of: directory)
            return state.isWhole ? nil : state
        }
    }

    /// Returns all PKGDIRs, as `<CHOST>/<flavour>`.
    package func directories() throws -> [String] {
        try Directory.names(in: pool).filter { !$0.string.hasPrefix(".") }.flatMap { chost in
            let parent = pool.appending(chost)
            guard parent.lastComponent != "stages",
                try FileStatus.of(parent)?.kind == .directory
            else { return [String]() }
            return try Directory.names(in: parent).filter { flavour in
                try !flavour.string.hasPrefix(".")
                    && FileStatus.of(parent.appending(flavour))?.kind == .directory
            }.map { "\(chost.string)/\($0.string)" }
        }
    }

    /// Returns the state of one directory, `<CHOST>/<flavour>`.
    ///
    /// - Throws: `FileError`.
    package func state(of directory: String) throws -> PackageDirectoryState {
        let path = pool.pushing(FilePath(directory))
        var state = PackageDirectoryState(directory: directory)
        state.partial = try partialFiles(in: directory)
        let partial = Set(state.partial)
        let sizes = try PackageDirectory.sizes(in: path).filter { !partial.contains($0.key) }
        let index = try PackageIndex(of: path)
        let named = index?.sizes ?? [:]
        let isIrregular = try FileStatus.of(path.appending("Packages")).map { $0.kind != .file }
        state.lacksIndex = index == nil && (!sizes.isEmpty || isIrregular == true)
        state.stale = named.filter { sizes[$0.key] != $0.value }.keys.sorted()
        state.unindexed = sizes.keys.filter { named[$0] == nil }.sorted()
        return state
    }

    /// Returns the partial files that no record names.
    package func partialFiles(in directory: String) throws -> [String] {
        let path = pool.pushing(FilePath(directory))
        var found: [String] = []
        for name in try Directory.names(in: path) {
            if try PackageFile.isTemporaryIndex(name.string)
                && FileStatus.of(path.appending(name))?.kind == .file
            {
                found.append(name.string)
            }
        }
        try PackageDirectory.visit(path) { name, file in
            switch PackageFile.kind(of: file.lastComponent?.string ?? "") {
            case .other: return
            case .temporary:
                guard try FileStatus.of(file)?.kind == .file else { return }
            case .package:
                guard try PackageFile.isPartial(file), try !isRecorded("\(directory)/\(name)")
                else { return }
            }
            found.append(name)
        }
        return found.sorted()
    }

    /// Returns whether a process holds the lock of a PKGDIR; without a lock
    /// file, git-zentoo has never written there.
    private static func isBeingWritten(_ path: FilePath) throws -> Bool {
        guard let lock = PackageDirectory.lockPath(of: path), try FileStatus.of(lock) != nil
        else { return false }
        return try FileLock.tryLock(lock) == nil
    }
}
