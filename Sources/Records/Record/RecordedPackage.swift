package import Sites

/// A binary package as recorded.
package struct RecordedPackage: Sendable, Hashable, Codable {
    /// The origin of a package in a build.
    package enum Disposition: String, Sendable, Hashable, Codable {
        /// The build compiled it.
        case made
        /// It was already in the pool, with a record.
        case reused
        /// It was already in the pool, without a record of its origin.
        case found
    }

    /// Category, name and version.
    package var cpv: CPV
    /// Portage's BUILD_ID, which distinguishes several builds of a version.
    package var buildNumber: Int
    /// The slot with its sub-slot: `3.12/3.12`.
    package var slot: String
    /// The USE flags that were set, sorted.
    package var use: [String]
    /// The file's size in bytes.
    package var size: Int64
    /// The file's digest.
    package var sha256: SHA256Digest
    /// The path in the pool.
    package var path: PoolPath
    /// The ebuild repository it came from.
    package var repository: String
    /// Digest of the ebuild with its eclasses and files, when known.
    package var ebuildDigest: SHA256Digest?
    /// Whether it is from a live ebuild (PROPERTIES=live), whose sources change
    /// without a new version.
    package var isLive: Bool
    /// Whether this build made, reused or found it.
    package var disposition: Disposition
    /// The metadata of a package that was found.
    package var witness: Witness?
    /// The duration of its compilation, in seconds, when known.
    package var durationSeconds: Int?

    /// Creates a package in the pool; `use` may be in any order.
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

    /// The slot without its sub-slot: packages in different slots can be
    /// installed side by side.
    package var mainSlot: String { String(slot.prefix { $0 != "/" }) }
}

extension RecordedPackage {
    /// Creates a package from a `made`, `reused` or `found` line; nil for other
    /// kinds and for a line that lacks required values or is inconsistent.
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

    /// Returns the line that records this package as part of `build`.
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
