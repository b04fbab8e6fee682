internal import Exec
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// What a merge left in the pool, read from what `harvest.py` wrote.
struct Harvest {
    let machine: Machine
    let flavour: Flavour
    let repository: Repository

    /// What was harvested.
    struct Result {
        /// The binary packages that the root is made of, hashed; on disk for good.
        var packages: [RecordedPackage] = []
        /// What is wrong with others.
        var problems: [Problem] = []
        /// What else lies in PKGDIR now and must not be used.
        var intruders: [Quarantine.Unfit] = []
    }

    /// A package that was merged and is nothing to record.
    struct Problem: Hashable {
        let cpv: String
        let reason: String
        /// Where it lies in the pool, if it does.
        var path: PoolPath?
        /// Whether the root was made with it; what only the pool has of a package
        /// that the stage brought is put away, and nothing fails.
        var isMerged = true
        /// Whether it will be the same the next time: not so of a file that is in
        /// quarantine now.
        var isLasting = true
    }

    /// Takes stock.
    ///
    /// A package is *made* by this build when its file was not there before;
    /// *reused* when a record names these bytes at this path; *found* when no
    /// record knows of it.
    ///
    /// - Parameters:
    ///   - watch: of PKGDIR, begun before the merge.
    ///   - known: what this build has harvested before.
    ///   - isWhole: whether the merge succeeded; if not, what was compiled and
    ///     could not be merged is harvested as well.
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
