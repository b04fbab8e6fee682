package import Records
internal import Sites

extension PoolProof {
    /// Returns the packages of a plan that are not what records name.
    package func unfit(in plan: MergePlan, of flavour: Flavour) async throws -> [Quarantine.Unfit] {
        try await unfit(among: plan.reused(of: flavour))
    }
}
