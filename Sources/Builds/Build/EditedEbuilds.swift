internal import Engines
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// Finds packages whose ebuild, eclasses or files were edited without a
/// revision bump since their binary package was made: `rebuild=any-change`
/// builds them again, Gentoo's own rule does not.
struct EditedEbuilds {
    let repository: Repository
    let machine: Machine

    /// Returns the packages, `category/name`, that `plan` would reuse although
    /// their ebuild has changed.
    func packages(
        of plan: MergePlan, flavour: Flavour, jobs: BuildJobs
    ) async throws -> [String] {
        var recorded: [CPV: SHA256Digest] = [:]
        var names: [String] = []
        let whence = try Whence(repository)
        for entry in plan.entries where entry.source == .reuse {
            guard let cpv = CPV(entry.cpv), let number = entry.buildNumber,
                let path = PoolPath(
                    chost: flavour.chost, flavour: flavour.id, cpv: cpv, number: number),
                let digest = try ebuild(of: path, cpv, whence)
            else { continue }
            recorded[cpv] = digest
            names.append("\(cpv)::\(entry.repository)")
        }
        if names.isEmpty { return [] }
        let outcome = try await machine.engine.run(jobs.ebuilds(names), onEvent: { _ in })
        guard outcome.failure == nil,
            let bytes = try JobOutput(directory: jobs.view.out).read("ebuilds")
        else { throw ZentooError(.failed, "cannot compare the ebuilds with what was built") }
        var changed: Set<String> = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 2, let cpv = CPV(fields[0]) else { continue }
            if recorded[cpv]?.description != fields[1] { changed.insert(cpv.package) }
        }
        return changed.sorted()
    }

    /// Returns the digest of the ebuild from which the binary package at `path`
    /// was made.
    private func ebuild(of path: PoolPath, _ cpv: CPV, _ whence: Whence) throws -> SHA256Digest? {
        for origin in try whence.origins(of: cpv) where origin.path == path {
            for line in try RecordNotes(repository).lines(on: origin.tree) {
                if let package = RecordedPackage(line), package.path == path {
                    return package.ebuildDigest
                }
            }
        }
        return nil
    }
}
