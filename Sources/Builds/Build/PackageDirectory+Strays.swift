internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

extension PackageDirectory {
    /// Removes indexes that are not regular files: a symbolic link would make
    /// Portage write elsewhere, a directory or FIFO would block it.
    ///
    /// - Returns: the removed files, relative to the directory.
    /// - Throws: `FileError`, `EngineError`.
    static func removeIrregularIndexes(
        from path: FilePath, by privileges: Privileges
    ) async throws -> [String] {
        var removed: [String] = []
        for name in ["Packages", "Packages.gz"] {
            let place = path.appending(name)
            switch try FileStatus.of(place)?.kind {
            case nil, .file: continue
            case .directory: try await privileges.removeTree(place)
            case .link, .other: try FileContent.remove(place)
            }
            removed.append(name)
        }
        return removed
    }

    /// Removes files left by a merge that are neither packages nor Portage's
    /// own: phases that run as root, in Portage's sandbox or in none, can write
    /// to PKGDIR.
    ///
    /// - Parameter isWhole: whether the merge was completed, so that each
    ///   package it made is in the index.
    /// - Returns: the removed files, relative to the directory.
    /// - Throws: `FileError`, `EngineError`.
    borrowing func removeStrays(
        isWhole: Bool, by privileges: Privileges
    ) async throws -> [FilePath] {
        let known = isWhole ? try PackageIndex(of: path)?.sizes : nil
        let strays = try Self.strays(in: path, besides: known.map { Set($0.keys) })
        for stray in strays {
            let place = path.pushing(stray)
            if try FileStatus.of(place)?.kind == .directory {
                try await privileges.removeTree(place)
            } else {
                try FileContent.remove(place)
            }
        }
        return strays
    }

    /// Returns the files that are not packages, relative to a PKGDIR; a
    /// directory that contains nothing else is returned as a whole.
    ///
    /// - Parameter known: the allowed packages; nil to allow any.
    static func strays(in path: FilePath, besides known: Set<String>?) throws -> [FilePath] {
        try strays(in: path, at: "", known) ?? []
    }

    /// - Returns: nil if everything in the directory is a stray file.
    private static func strays(
        in directory: FilePath, at place: FilePath, _ known: Set<String>?
    ) throws -> [FilePath]? {
        var strays: [FilePath] = []
        var isKept = place.isEmpty
        for component in try Directory.names(in: directory) {
            let inner = place.appending(component)
            let file = directory.appending(component)
            let kind = try FileStatus.of(file)?.kind
            if kind == .directory, place.components.count < 2 {
                if let below = try Self.strays(in: file, at: inner, known) {
                    strays += below
                    isKept = true
                } else {
                    strays.append(inner)
                }
            } else if kind == .file, isExpected(inner, known) {
                isKept = true
            } else if kind != nil {
                strays.append(inner)
            }
        }
        return isKept ? strays : nil
    }

    private static func isExpected(_ place: FilePath, _ known: Set<String>?) -> Bool {
        let name = place.lastComponent?.string ?? ""
        if PackageFile.isLock(name) { return true }
        switch place.components.count {
        case 1: return PackageFile.isIndex(name)
        case 3:
            return name.hasSuffix(PoolPath.suffix)
                && known?.contains(place.string) ?? true
        default: return false
        }
    }
}
