internal import Exec
internal import Files
internal import Git
internal import SystemPackage

/// What a merge left in the pool, read from what `harvest.py` wrote.
struct Harvest {
    let machine: Machine
    let flavour: Flavour
    let repository: Repository

    /// The binary packages that the root is made of, hashed; on disk for good
    /// when this returns.
    ///
    /// A package is *made* by the build that records it first: so what a
    /// killed build compiled belongs to the one that went on.
    ///
    /// - Parameter known: what this build has hashed before.
    func packages(
        from output: JobOutput, durations: [String: Int],
        known: [PoolPath: RecordedPackage] = [:]
    ) async throws -> [RecordedPackage] {
        guard let bytes = try output.read("harvest") else { return [] }
        let entries = try String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .compactMap { try entry(Self.fields($0)) }
        if entries.isEmpty { return [] }
        let top = machine.state.pool.appending(flavour.chost).appending(flavour.id)
        try await Invocation("sync", ["--file-system", top.string]).run().orThrow()
        let digests = try await digests(of: entries, known)
        let whence = try Whence(repository)
        return try zip(entries, digests).map { entry, digest in
            let isKnown = try !whence.origins(of: digest).isEmpty
            let fields = entry.fields
            return RecordedPackage(
                cpv: entry.cpv, buildNumber: entry.number, slot: fields["slot", default: ""],
                use: fields["use", default: ""].split(separator: " ").map(String.init),
                size: Int64(entry.size), sha256: digest, path: entry.path,
                repository: fields["repo", default: ""],
                ebuildDigest: SHA256Digest(fields["ebuild", default: ""]),
                isLive: fields["live"] == "1", disposition: isKnown ? .reused : .made,
                duration: durations[entry.cpv.description])
        }
    }

    private func digests(
        of entries: [Entry], _ known: [PoolPath: RecordedPackage]
    ) async throws -> [SHA256Digest] {
        var digests: [PoolPath: SHA256Digest] = [:]
        for entry in entries {
            if let package = known[entry.path], package.size == Int64(entry.size) {
                digests[entry.path] = package.sha256
            }
        }
        let unknown = entries.map(\.path).filter { digests[$0] == nil }
        let found = try await FileDigests().digests(
            of: unknown.map { machine.state.pool.pushing(FilePath($0.description)) })
        digests.merge(zip(unknown, found)) { $1 }
        return entries.compactMap { digests[$0.path] }
    }

    private struct Entry {
        let cpv: CPV
        let number: Int
        let path: PoolPath
        let size: Int
        let fields: [String: String]
    }

    /// What one line tells, checked against the pool: the ebuilds that ran
    /// could write there, and a link among the packages could lead anywhere.
    ///
    /// - Returns: nil for what was merged without a binary package.
    private func entry(_ fields: [String: String]) throws -> Entry? {
        let path = fields["path", default: ""]
        if path.isEmpty { return nil }
        guard let cpv = CPV(fields["cpv", default: ""]),
            let number = Int(fields["build", default: ""]),
            let path = PoolPath("\(flavour.path)/\(path)"),
            let size = try ConfinedFile.size(
                of: FilePath(path.description), beneath: machine.state.pool)
        else {
            throw ZentooError(
                .damaged, "cannot read what was merged: '\(fields["cpv", default: "?"])'")
        }
        return Entry(cpv: cpv, number: number, path: path, size: size, fields: fields)
    }

    private static func fields(_ line: Substring) -> [String: String] {
        var fields: [String: String] = [:]
        for field in line.split(separator: "\t") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { fields[String(pair[0])] = String(pair[1]) }
        }
        return fields
    }
}
