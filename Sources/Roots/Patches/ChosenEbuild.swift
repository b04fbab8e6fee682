internal import Sites

/// The ebuild that Portage chose for patch work, as `patch.py` reports it.
struct ChosenEbuild: Sendable, Hashable {
    let cpv: CPV
    let slot: String
    let repository: String
    /// Whether it is a live ebuild, whose source is fetched in the unpack
    /// phase.
    let isLive: Bool

    /// Reads the output of `patch.py choose`.
    ///
    /// - Throws: ``ZentooError`` with Portage's reason when it chose none, when
    ///   the output cannot be read, and when the EAPI has no user patches.
    init(_ bytes: [UInt8]) throws {
        var fields: [String: String] = [:]
        var hints: [String] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            if pair[0] == "hint" {
                hints.append("Portage: \(pair[1])")
            } else {
                fields[String(pair[0])] = String(pair[1])
            }
        }
        if let problem = fields["problem"] { throw ZentooError(.notFound, problem, hints: hints) }
        guard let cpv = fields["cpv"].flatMap({ CPV($0) }), let repository = fields["repo"] else {
            throw ZentooError(.damaged, "cannot read what Portage chose")
        }
        let eapi = fields["eapi", default: "0"]
        // PMS 9, table 12.15: eapply_user.
        guard Int(eapi.prefix { $0.isNumber }) ?? 0 >= 6 else {
            throw ZentooError(
                .unsupported, "the ebuild of '\(cpv)' has EAPI \(eapi), which has no user patches",
                hints: ["patch its ebuild instead, in a repository of your own"])
        }
        self.cpv = cpv
        self.repository = repository
        slot = fields["slot", default: "0"]
        isLive = fields["live"] == "1"
    }

    /// The version and repository: `category/name-version::repository`.
    var name: String { "\(cpv)::\(repository)" }
}
