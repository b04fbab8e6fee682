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
    func packages(
        from file: FilePath, durations: [String: Int]
    ) async throws -> [RecordedPackage] {
        guard let bytes = try FileContent.read(file) else { return [] }
        let entries = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(Self.fields)
        let packaged = entries.filter { !$0["path", default: ""].isEmpty }
        if packaged.isEmpty { return [] }
        let top = machine.state.pool.appending(flavour.chost).appending(flavour.id)
        let files = packaged.map { top.appending($0["path", default: ""]) }
        try await Invocation("sync", ["--file-system", top.string]).run().orThrow()
        let digests = try await FileDigests().digests(of: files)
        let whence = try Whence(repository)
        var packages: [RecordedPackage] = []
        for ((entry, file), digest) in zip(zip(packaged, files), digests) {
            guard let cpv = CPV(entry["cpv", default: ""]),
                let number = Int(entry["build", default: ""]),
                let path = PoolPath("\(flavour.path)/\(entry["path", default: ""])"),
                let size = try FileStatus.of(file)?.size
            else {
                throw ZentooError(
                    .damaged, "cannot read what was merged: '\(entry["cpv", default: "?"])'")
            }
            let isKnown = try !whence.origins(of: digest).isEmpty
            packages.append(
                RecordedPackage(
                    cpv: cpv, buildNumber: number, slot: entry["slot", default: ""],
                    use: entry["use", default: ""].split(separator: " ").map(String.init),
                    size: Int64(size), sha256: digest, path: path,
                    repository: entry["repo", default: ""],
                    ebuildDigest: SHA256Digest(entry["ebuild", default: ""]),
                    isLive: entry["live"] == "1", disposition: isKnown ? .reused : .made,
                    duration: durations[cpv.description]))
        }
        return packages
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
