internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// A line about a package in a PKGDIR, checked against the file: the ebuilds
/// could write to both, and a symbolic link among the packages could lead
/// anywhere.
struct HarvestedEntry {
    let cpv: CPV
    let path: PoolPath
    private let number: Int
    private let size: Int
    private let fields: [String: String]

    /// The error for a line whose package file is not as the line says.
    struct Unreadable: Error, CustomStringConvertible {
        let cpv: String
        var description: String { "the pool has no such file as it was merged from" }
    }

    /// - Returns: nil for a package that was merged without a binary package.
    /// - Throws: ``Unreadable`` for a line that is invalid.
    init?(_ line: Substring, of flavour: Flavour, in directory: FilePath) throws {
        let fields = Self.fields(line)
        let path = fields["path", default: ""]
        if path.isEmpty { return nil }
        guard let cpv = CPV(fields["cpv", default: ""]),
            let number = Int(fields["build", default: ""]),
            let path = PoolPath("\(flavour.path)/\(path)"), path.cpv == cpv, path.number == number,
            let size =
                (try? ConfinedFile.size(of: FilePath(path.pathInFlavour), beneath: directory))
                ?? nil
        else {
            throw Unreadable(cpv: fields["cpv", default: "?"])
        }
        self.cpv = cpv
        self.number = number
        self.path = path
        self.size = size
        self.fields = fields
    }

    static func fields(_ line: Substring) -> [String: String] {
        var fields: [String: String] = [:]
        for field in line.split(separator: "\t") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { fields[String(pair[0])] = String(pair[1]) }
        }
        return fields
    }

    /// Whether it is in the root, not only in the pool.
    var isInstalled: Bool { fields["installed"] != "0" }

    /// Whether this run has merged it into the root.
    var isMerged: Bool { fields["merged"] != "0" }

    /// The reason why Portage will never merge the binary package.
    var refusal: String? { fields["refused"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Returns the package as it is recorded.
    func package(
        _ digest: SHA256Digest, _ disposition: RecordedPackage.Disposition, duration: Int?
    ) -> RecordedPackage {
        RecordedPackage(
            cpv: cpv, buildNumber: number, slot: fields["slot", default: ""],
            use: fields["use", default: ""].split(separator: " ").map(String.init),
            size: Int64(size), sha256: digest, path: path,
            repository: fields["repo", default: ""],
            ebuildDigest: SHA256Digest(fields["ebuild", default: ""]),
            isLive: fields["live"] == "1", disposition: disposition,
            duration: disposition == .made ? duration : nil,
            witness: disposition == .found ? witness : nil)
    }

    private var witness: RecordedPackage.Witness {
        var revisions: [String: String] = [:]
        for item in fields["revisions", default: ""].split(separator: " ") {
            let halves = item.split(separator: ":", maxSplits: 1).map(String.init)
            if halves.count == 2 { revisions[halves[0]] = halves[1] }
        }
        return RecordedPackage.Witness(
            built: Int64(fields["built", default: ""]), revisions: revisions)
    }
}
