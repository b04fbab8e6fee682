internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// Reads what the jobs of a build tell of its packages (`plan.py`,
/// `harvest.py`), and takes the packages that were made into the pool.
struct Harvest {
    let machine: Machine
    let flavour: Flavour
    let repository: Repository

    /// The result of a harvest.
    struct Result {
        /// The binary packages of the root, hashed and synced to disk.
        var packages: [RecordedPackage] = []
        /// The problems of other packages.
        var problems: [Problem] = []
        /// Other packages that were found beside those made.
        var intruders: [JobPackages.Intruder] = []
    }

    /// A package that was merged and cannot be recorded.
    struct Problem: Hashable {
        let cpv: String
        let reason: String
        /// Its path in the pool, if it is there.
        var path: PoolPath?
        /// Whether it was merged into the root. A package in the pool that the
        /// stage brought already is only quarantined, and nothing fails.
        var isMerged = true
        /// Whether the problem would occur again; false for a file that goes
        /// into quarantine.
        var isLasting = true
    }

    /// Reads and checks the packages that were made, and adds them to the
    /// flavour's PKGDIR.
    ///
    /// - Parameters:
    ///   - output: the output of the job.
    ///   - job: the PKGDIR of the job.
    ///   - durations: seconds that packages took to compile, by
    ///     `category/name-version`.
    ///   - isWhole: whether the merge succeeded; if not, packages that were
    ///     compiled and could not be merged are harvested as well.
    /// - Throws: ``ZentooError``, `FileError`, `ExecError`, `GitError`.
    func made(
        from output: JobOutput, of job: JobPackages, durations: [String: Int], isWhole: Bool,
        into directory: borrowing PackageDirectory
    ) async throws -> Result {
        var result = Result()
        let (made, intruders) = try job.new()
        result.intruders = intruders
        let entries = try entries(
            PortageScripts.harvestedPackages, of: output, in: job.directory, &result
        ).filter {
            made.contains($0.path.pathInFlavour) && ($0.isInstalled || !isWhole)
        }.filter { entry in
            guard let refusal = entry.refusal else { return true }
            result.problems.append(
                Problem(cpv: "\(entry.cpv)", reason: "Portage will not merge it: \(refusal)"))
            return false
        }
        let added = try await directory.add(
            entries.map(\.path.pathInFlavour), from: job.directory)
        let digests = try await PoolProof(repository, state: machine.state)
            .digests(of: entries.map(\.path))
        for entry in entries {
            guard added.contains(entry.path.pathInFlavour), let digest = digests[entry.path] else {
                throw ZentooError(.damaged, "the pool already has another '\(entry.path)'")
            }
            result.packages.append(
                entry.package(digest, .made, duration: durations["\(entry.cpv)"]))
        }
        return result
    }

    /// Reads and checks the packages that were in the pool before.
    ///
    /// A package is *reused* if a record names these bytes at this path, or if
    /// another build has just made it and is about to record it; *found* if no
    /// record names it.
    ///
    /// - Parameters:
    ///   - name: the file in the output that names them.
    ///   - known: the packages that this build has harvested before.
    ///   - made: the packages that it has just made, which are omitted.
    func present(
        _ name: String, of output: JobOutput, known: [PoolPath: RecordedPackage] = [:],
        besides made: Set<PoolPath> = []
    ) async throws -> Result {
        var result = Result()
        let directory = machine.state.packages(of: flavour)
        let entries = try entries(name, of: output, in: directory, &result)
            .filter { $0.isInstalled && !made.contains($0.path) }
        let awaited = try awaitingRecord(in: directory)
        let proof = try PoolProof(repository, state: machine.state)
        let digests = try await proof.digests(of: entries.map(\.path))
        for entry in entries {
            guard let digest = digests[entry.path] else {
                throw ZentooError(.notFound, "cannot read '\(entry.path)' in the pool")
            }
            if let earlier = known[entry.path], earlier.sha256 == digest {
                result.packages.append(
                    entry.package(
                        digest, earlier.disposition, duration: earlier.durationSeconds))
                continue
            }
            let verdict = try proof.verdict(of: digest, at: entry.path)
            let reason = known[entry.path].map { "it was sha256 \($0.sha256) in this build" }
            if let reason = verdict.reason ?? reason {
                result.problems.append(
                    Problem(
                        cpv: "\(entry.cpv)", reason: reason, path: entry.path,
                        isMerged: entry.isMerged, isLasting: false))
                continue
            }
            let isKnown = verdict == .recorded || awaited.contains(entry.path.pathInFlavour)
            result.packages.append(
                entry.package(digest, isKnown ? .reused : .found, duration: nil))
        }
        return result
    }

    /// Returns the packages of a PKGDIR that running builds of this repository
    /// have made and not recorded yet. Each is recorded, whatever becomes of its
    /// build (``LeftPackages``).
    private func awaitingRecord(in directory: FilePath) throws -> Set<String> {
        var paths: Set<String> = []
        for note in try UnrecordedPackages.notes(in: directory) {
            guard let result = note.result,
                try BuildLife.isRunning(note.build, in: machine.state),
                try repository.kind(of: result.commit) == .commit
            else { continue }
            paths.formUnion(note.paths)
        }
        return paths
    }

    /// Reads the lines about packages in a PKGDIR; those that name no file there
    /// become problems.
    private func entries(
        _ name: String, of output: JobOutput, in directory: FilePath, _ result: inout Result
    ) throws -> [HarvestedEntry] {
        guard let bytes = try output.read(name) else { return [] }
        var entries: [HarvestedEntry] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            do {
                if let entry = try HarvestedEntry(line, of: flavour, in: directory) {
                    entries.append(entry)
                }
            } catch let error as HarvestedEntry.Unreadable {
                result.problems.append(
                    Problem(cpv: error.cpv, reason: error.description, isLasting: false))
            }
        }
        return entries
    }
}
