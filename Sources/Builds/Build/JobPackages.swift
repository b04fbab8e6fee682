internal import Exec
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// The PKGDIR of the jobs that compile for one build: a directory of its own, so
/// that nothing a job writes reaches the pool before the job has ended and its
/// packages were checked.
///
/// It holds copies of the packages that the plan reuses. Phases that run as root
/// can write to it, so its contents are trusted only as far as the plan goes: a
/// new package must be of a version that the plan compiles.
struct JobPackages {
    let directory: FilePath
    /// `<CHOST>/<flavour>`.
    private let flavour: String
    /// The versions that the plan compiles.
    let expected: Set<CPV>
    /// The packages that were copied, as paths below the directory.
    let copied: Set<String>

    /// A package that must not be used.
    struct Intruder: Hashable {
        let path: String
        let reason: String
    }

    /// Creates the directory.
    ///
    /// Portage numbers the builds of a version by the files in PKGDIR and takes
    /// the next free number. An empty directory is therefore created at each
    /// path that must not be given to a new package; Portage never takes a
    /// directory for a package.
    ///
    /// - Parameters:
    ///   - pool: the flavour's PKGDIR.
    ///   - taken: the paths in it that must not be given to new packages.
    /// - Throws: `FileError`, `ExecError`.
    init(
        at directory: FilePath, for plan: MergePlan, of flavour: Flavour, from pool: FilePath,
        taken: Set<String>
    ) async throws {
        self.directory = directory
        self.flavour = flavour.path
        expected = plan.compiled
        let reused = plan.reused(of: flavour).map(\.pathInFlavour)
        copied = Set(reused)
        try Directory.create(directory)
        for start in stride(from: 0, to: reused.count, by: Self.mostNames) {
            let names = reused[start..<min(start + Self.mostNames, reused.count)]
            try await Invocation(
                "cp",
                [
                    "--parents", "--reflink=auto", "--preserve=timestamps",
                    "--target-directory=\(directory)", "--",
                ] + names, workingDirectory: pool
            ).run().orThrow()
        }
        if let index = try PackageIndex(of: pool) {
            let copied = copied
            try FileContent.write(
                index.filtered { copied.contains($0) }.bytes,
                to: directory.appending("Packages"))
        }
        for path in taken.subtracting(copied) {
            try Directory.create(directory.appending(path))
        }
    }

    /// Fewer than fit into the arguments of a process (execve(2)).
    private static let mostNames = 1_000

    /// Describes the directory of a build that has ended.
    ///
    /// - Parameter expected: the versions that it was to compile, as
    ///   `category/package-version`.
    init(leftAt directory: FilePath, chost: String, flavour: String, expecting: Set<String>) {
        self.directory = directory
        self.flavour = "\(chost)/\(flavour)"
        expected = Set(expecting.compactMap { CPV($0) })
        copied = []
    }

    /// Returns the packages that were made, as paths below the directory, and
    /// the other new ones.
    ///
    /// - Throws: `FileError`.
    func new() throws -> (made: Set<String>, intruders: [Intruder]) {
        let index = try PackageIndex(of: directory)?.sizes ?? [:]
        var made: Set<String> = []
        var intruders: [Intruder] = []
        let present = try PackageDirectory.sizes(in: directory)
        for (path, size) in present.sorted(by: { $0.key < $1.key }) where !copied.contains(path) {
            let cpv = PoolPath("\(flavour)/\(path)")?.cpv
            if cpv.map({ expected.contains($0) }) != true {
                intruders.append(
                    Intruder(path: path, reason: "nothing that was compiled makes it"))
            } else if let indexed = index[path], indexed != size {
                intruders.append(
                    Intruder(path: path, reason: "it was changed after it was made"))
            } else if try !PackageFile.isPartial(directory.appending(path)) {
                made.insert(path)
            }
        }
        return (made, intruders)
    }
}
