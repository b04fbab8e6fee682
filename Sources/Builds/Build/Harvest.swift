internal import Exec
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// Reads the packages that a merge left in the pool from the output of
/// `harvest.py`.
struct Harvest {
    let machine: Machine
    let flavour: Flavour
    let repository: Repository

    /// The result of a harvest.
    struct Result {
        /// The binary packages that the root consists of, hashed and synced to
        /// disk.
        var packages: [RecordedPackage] = []
        /// The problems of other packages.
        var problems: [Problem] = []
        /// Other files that are in PKGDIR now and must not be used.
        var intruders: [Quarantine.Unfit] = []
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

    /// Reads and checks the packages.
    ///
    /// A package is *made* by this build if its file was not there before;
    /// *reused* if a record names these bytes at this path; *found* if no
    /// record names it.
    ///
    /// - Parameters:
    ///   - output: the output of the job.
    ///   - durations: seconds that packages took to compile, by
    ///     `category/name-version`.
    ///   - watch: the watch on PKGDIR, started before the merge.
    ///   - known: the packages that this build has harvested before.
    ///   - isWhole: whether the merge succeeded; if not, packages that were
    ///     compiled and could not be merged are harvested as well.
    func packages(
        from output: JobOutput, durations: [String: Int], watch: PackageWatch,
        known: [PoolPath: RecordedPackage] = [:], isWhole: Bool
    ) async throws -> Result {
        var result = Result()
        result.intruders = try watch.unfit()
        guard let bytes = try output.read("harvest") else { return result }
        let intruders = Dictionary(
            result.intruders.map { ($0.path, $0.reason) }, uniquingKeysWith: { $1 })
        var entries: [HarvestedEntry] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let entry: HarvestedEntry
            do {
                guard let read = try HarvestedEntry(line, of: flavour, in: machine.state.pool),
                    read.isInstalled || !isWhole
                else { continue }
                entry = read
            } catch let error as HarvestedEntry.Unreadable {
                result.problems.append(
                    Problem(cpv: error.cpv, reason: error.description, isLasting: false))
                continue
            }
            if let reason = intruders[entry.path] {
                result.problems.append(
                    Problem(
                        cpv: "\(entry.cpv)", reason: reason, path: entry.path,
                        isMerged: entry.isMerged, isLasting: false))
            } else if let refusal = entry.refusal {
                result.problems.append(
                    Problem(
                        cpv: "\(entry.cpv)", reason: "Portage will not merge it: \(refusal)",
                        path: entry.path))
            } else {
                entries.append(entry)
            }
        }
        if entries.isEmpty { return result }
        let top = machine.state.packages(of: flavour)
        try await Invocation("sync", ["--file-system", top.string]).run().orThrow()
        let proof = try PoolProof(repository, state: machine.state)
        let digests = try await proof.digests(of: entries.map(\.path))
        for entry in entries {
            guard let digest = digests[entry.path] else {
                throw ZentooError(.notFound, "cannot read '\(entry.path)' in the pool")
            }
            let disposition: RecordedPackage.Disposition
            if let earlier = known[entry.path], earlier.sha256 == digest {
                disposition = earlier.disposition
            } else if known[entry.path] == nil, !watch.present.contains(entry.path.pathInFlavour) {
                disposition = .made
            } else {
                let verdict = try proof.verdict(of: digest, at: entry.path)
                let reason = known[entry.path].map { "it was sha256 \($0.sha256) in this build" }
                if let reason = verdict.reason ?? reason {
                    result.problems.append(
                        Problem(
                            cpv: "\(entry.cpv)", reason: reason, path: entry.path,
                            isMerged: entry.isMerged, isLasting: false))
                    continue
                }
                disposition = verdict == .recorded ? .reused : .found
            }
            result.packages.append(
                entry.package(
                    digest, disposition, duration: durations[entry.cpv.description]))
        }
        return result
    }
}
