package import Sites

/// A binary package as a record names it.
package struct RecordedPackage: Sendable, Hashable, Codable {
    /// How a build came to a package.
    package enum Disposition: String, Sendable, Hashable, Codable {
        /// The build compiled it.
        case made
        /// It was in the pool already, as a record tells.
        case reused
        /// It was in the pool already, and no record told where it came from.
        case found
    }

    /// Category, name and version.
    package var cpv: CPV
    /// Portage's BUILD_ID, which tells several builds of a version apart.
    package var buildNumber: Int
    /// The slot with its sub-slot: `3.12/3.12`.
    package var slot: String
    /// The USE flags that were set, sorted.
    package var use: [String]
    /// The file's size in bytes.
    package var size: Int64
    /// The file's digest.
    package var sha256: SHA256Digest
    /// Where it lies in the pool.
    package var path: PoolPath
    /// The ebuild repository it came from.
    package var repository: String
    /// Digest of the ebuild with its eclasses and files, when known.
    package var ebuildDigest: SHA256Digest?
    /// Whether its sources move without a new version (PROPERTIES=live).
    package var isLive: Bool
    /// Whether this build compiled it.
    package var disposition: Disposition
    /// What a package that was found says of itself.
    package var witness: Witness?
    /// How long compiling it took, in seconds, when known.
    package var durationSeconds: Int?

    /// A package in the pool; `use` may be in any order.
    package init(
        cpv: CPV, buildNumber: Int, slot: String, use: [String], size: Int64,
        sha256: SHA256Digest, path: PoolPath, repository: String,
        ebuildDigest: SHA256Digest? = nil, isLive: Bool = false, disposition: Disposition,
        duration: Int? = nil, witness: Witness? = nil
    ) {
        self.cpv = cpv
        self.buildNumber = buildNumber
        self.slot = slot
        self.use = Set(use).sorted()
        self.size = size
        self.sha256 = sha256
        self.path = path
        self.repository = repository
        self.ebuildDigest = ebuildDigest
        self.isLive = isLive
        self.disposition = disposition
        durationSeconds = duration
        self.witness = witness
    }

    /// The slot without its sub-slot: installed beside other slots of the same
    /// package.
    package var mainSlot: String { String(slot.prefix { $0 != "/" }) }
}

extension RecordedPackage {
    /// Reads a `made`, `reused` or `found` line; nil for other kinds and for a line
    /// that lacks what a package must have or contradicts itself.
    package init?(_ line: RecordLine) {
        guard let disposition = Disposition(rawValue: line.kind.rawValue),
            let cpv = line[.cpv].flatMap({ CPV($0) }),
            let number = line[.number].flatMap({ Int($0) }),
            let size = line[.size].flatMap({ Int64($0) }), size >= 0,
            let sha256 = line[.sha256].flatMap({ SHA256Digest($0) }),
            let path = line[.path].flatMap({ PoolPath($0) }),
            path.cpv == cpv, path.number == number
        else { return nil }
        self.init(
            cpv: cpv, buildNumber: number, slot: line[.slot] ?? "0", use: line[list: .use],
            size: size, sha256: sha256, path: path, repository: line[.repository] ?? "",
            ebuildDigest: line[.ebuild].flatMap { SHA256Digest($0) },
            isLive: line[.live] == "yes", disposition: disposition,
            duration: line[.duration].flatMap { Int($0) }, witness: Witness(line))
    }

    /// The line that tells this package was part of `build`.
    package func line(of build: BuildID) -> RecordLine {
        var line = RecordLine(build, RecordLine.Kind(rawValue: disposition.rawValue))
        line[.cpv] = cpv.description
        line[.number] = String(buildNumber)
        line[.slot] = slot
        line[list: .use] = use
        line[.size] = String(size)
        line[.sha256] = sha256.description
        line[.path] = path.description
        line[.repository] = repository
        line[.ebuild] = ebuildDigest?.description
        line[.live] = isLive ? "yes" : nil
        line[.duration] = durationSeconds.map { String($0) }
        witness?.add(to: &line)
        return line
    }
}
