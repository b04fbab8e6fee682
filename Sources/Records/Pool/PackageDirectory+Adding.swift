internal import Exec
internal import Files
internal import Sites
package import SystemPackage

extension PackageDirectory {
    /// Adds packages from another PKGDIR, each as a file of its own: copied to a
    /// name that a repair takes for a partial file, synced to disk, renamed, and
    /// indexed last.
    ///
    /// Existing files are never replaced. A package that the other index does
    /// not describe stays without an index entry, so that the next build repairs
    /// the index (``needsRepair``).
    ///
    /// - Parameters:
    ///   - packages: paths below both directories.
    ///   - source: the other PKGDIR, in which no process writes any more.
    /// - Returns: the packages that were added.
    /// - Throws: `FileError`, `ExecError`.
    package borrowing func add(
        _ packages: some Sequence<String>, from source: FilePath
    ) async throws -> Set<String> {
        let new = try packages.filter { try FileStatus.of(path.appending($0)) == nil }.sorted()
        if new.isEmpty { return [] }
        for package in new {
            let target = path.appending(package)
            try Directory.create(target.removingLastComponent())
            try await Invocation(
                "cp",
                [
                    "--reflink=auto", "--no-dereference", "--preserve=timestamps", "--",
                    source.appending(package).string, Self.unfinished(target).string,
                ]
            ).run().orThrow()
        }
        // Its packages must not be named before their content is on disk.
        try await Invocation("sync", ["--file-system", path.string]).run().orThrow()
        for package in new {
            let target = path.appending(package)
            try Directory.move(Self.unfinished(target), to: target)
        }
        let added = Set(new)
        var index = try PackageIndex(of: path) ?? PackageIndex()
        if let other = try PackageIndex(of: source) {
            index.merge(try other.filtered { added.contains($0) }.agreeing(with: path))
        }
        try FileContent.write(index.bytes, to: path.appending("Packages"))
        try FileContent.remove(path.appending("Packages.gz"))
        return added
    }

    private static func unfinished(_ package: FilePath) -> FilePath { FilePath("\(package).1") }
}
