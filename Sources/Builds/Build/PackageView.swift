internal import Exec
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// A PKGDIR that holds exactly the binary packages of one record: links into
/// the pool and an index of those alone.
///
/// An old tag therefore assembles as it was, whatever was added to the pool
/// since, and a package that a build failed to record is missing here too.
struct PackageView {
    let directory: FilePath
    /// Whether every package was found in the pool's own index; if not, Portage
    /// has to create the index.
    let isIndexed: Bool

    /// Checks every package's digest and links it into `directory`.
    ///
    /// - Throws: ``ZentooError`` if a package is missing or altered.
    init(of packages: [RecordedPackage], pool: FilePath, at directory: FilePath) async throws {
        self.directory = directory
        let files = packages.map { pool.appending($0.path.description) }
        let missing = try packages.filter {
            try ConfinedFile.size(of: FilePath($0.path.description), beneath: pool) == nil
        }
        guard missing.isEmpty else {
            throw ZentooError(
                .notFound,
                "\(missing.count) of \(packages.count) binary packages are not in the pool",
                hints: missing.prefix(10).map { "missing: \($0.path)" }
                    + ["build the tuple again, or set 'git config zentoo.pool DIR'"])
        }
        let digests = try await FileDigests().digests(of: files)
        for (package, digest) in zip(packages, digests) where package.sha256 != digest {
            throw ZentooError(
                .damaged, "'\(package.path)' in the pool is not what was recorded",
                hints: [
                    "recorded sha256 \(package.sha256), found \(digest)",
                    "'git zentoo build' of a tuple that has it puts it into quarantine and "
                        + "compiles it again; 'git zentoo verify' tells all that is wrong",
                ])
        }
        // Also for a build without any package, for example of an empty set.
        try Directory.create(directory)
        var paths: Set<String> = []
        for (package, file) in zip(packages, files) {
            let path = package.path.pathInFlavour
            paths.insert(path)
            let target = directory.appending(path)
            try Directory.create(target.removingLastComponent())
            // A hard link if possible, else a copy; never a symbolic link,
            // which would lead nowhere inside a root.
            if try !FileContent.link(file, as: target) {
                try await Invocation(
                    "cp", ["--reflink=auto", "--", file.string, target.string]
                ).run().orThrow()
            }
        }
        var index = PackageIndex()
        for flavour in Set(packages.map { "\($0.path.chost)/\($0.path.flavour)" }) {
            if let found = try PackageIndex(of: pool.appending(flavour)) {
                index.merge(found.filtered { paths.contains($0) })
            }
        }
        isIndexed = index.paths == paths
        if isIndexed {
            try FileContent.write(index.bytes, to: directory.appending("Packages"))
        }
    }
}
