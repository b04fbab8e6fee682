internal import Files
internal import SystemPackage

/// One flavour's PKGDIR while we write it: locked, and mended first if the
/// writer before us died.
struct PackageDirectory: ~Copyable {
    let path: FilePath
    private let lock: FileLock

    /// Names the build that writes; left behind by one that was killed.
    static let marker = ".zentoo-writer"

    private init(path: FilePath, lock: consuming FileLock) {
        self.path = path
        self.lock = lock
    }

    /// Waits until nobody else on this machine writes the flavour.
    ///
    /// The lock lies beside the PKGDIR, and the process that runs the build
    /// holds it, not Portage inside the root.
    static func lock(
        _ flavour: Flavour, in pool: FilePath, onWait: () -> Void
    ) async throws -> PackageDirectory {
        let parent = pool.appending(flavour.chost)
        try Directory.create(parent)
        let lock = try await FileLock.lock(
            parent.appending(".\(flavour.id).lock"), onWait: onWait)
        let path = parent.appending(flavour.id)
        try Directory.create(path)
        return PackageDirectory(path: path, lock: lock)
    }

    /// Whether the index cannot be trusted, as Portage does
    /// (`pkgdir-index-trusted`, make.conf(5)): a writer died here, or somebody
    /// has removed, replaced or added packages.
    var needsRepair: Bool {
        get throws {
            if try FileStatus.of(path.appending(Self.marker)) != nil { return true }
            let index = try PackageIndex(of: path) ?? PackageIndex()
            return try index.sizes != Self.sizes(in: path)
        }
    }

    /// The sizes of the packages that are in a PKGDIR, by their path below it;
    /// a link is no package, wherever it leads.
    static func sizes(in path: FilePath) throws -> [String: Int] {
        var sizes: [String: Int] = [:]
        for category in try Directory.names(in: path) {
            let categoryPath = path.appending(category)
            guard try FileStatus.of(categoryPath)?.kind == .directory else { continue }
            for package in try Directory.names(in: categoryPath) {
                let packagePath = categoryPath.appending(package)
                guard try FileStatus.of(packagePath)?.kind == .directory else { continue }
                for file in try Directory.names(in: packagePath)
                where file.string.hasSuffix(".gpkg.tar") {
                    let status = try FileStatus.of(packagePath.appending(file))
                    guard let status, status.kind == .file else { continue }
                    let name = "\(category.string)/\(package.string)/\(file.string)"
                    sizes[name] = status.size
                }
            }
        }
        return sizes
    }

    /// Takes packages out of a PKGDIR that nobody else writes, by their paths
    /// below it.
    static func remove(_ packages: Set<String>, from path: FilePath) throws {
        guard !packages.isEmpty else { return }
        if let index = try PackageIndex(of: path) {
            try FileContent.write(
                index.filtered { !packages.contains($0) }.bytes, to: path.appending("Packages"))
            try FileContent.remove(path.appending("Packages.gz"))
        }
        for package in packages { try FileContent.remove(path.appending(package)) }
    }

    /// Says that `build` writes now.
    borrowing func beginWriting(_ build: BuildID) throws {
        try FileContent.write(
            Array("\(build)\n".utf8), to: path.appending(Self.marker))
    }

    /// Says that the directory is whole.
    borrowing func endWriting() throws {
        try Directory.synchronize(path)
        try FileContent.remove(path.appending(Self.marker))
    }
}
