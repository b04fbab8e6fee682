package import Records
internal import Sites

extension PoolProof {
    /// Returns the packages of a plan that are not what records name.
    package func unfit(in plan: MergePlan, of flavour: Flavour) async throws -> [Quarantine.Unfit] {
        try await unfit(
            among: plan.entries.compactMap { entry in
                guard entry.source == .reuse, let cpv = CPV(entry.cpv),
                    let number = entry.buildNumber
                else { return nil }
                return PoolPath(
                    chost: flavour.chost, flavour: flavour.id, cpv: cpv, number: number)
            })
    }
}
