package import Records

/// An event during the build of a tuple, for display.
package enum BuildEvent: Sendable, Hashable {
    /// Another build of the same, or another writer of the same PKGDIR, is
    /// running.
    case waiting(String)
    /// The tuple commit is composed and the build has an id.
    case began(BuildID)
    /// A stage or repository is being fetched or unpacked.
    case preparing(String)
    /// Portage has calculated its plan.
    case planned(MergePlan, estimate: Int?)
    /// A step of the job begins: `fetch`, `merge`, `premerge.d/10-x`.
    case step(String)
    /// Package number `index` of `total` is being built or installed.
    case package(index: Int, total: Int, cpv: String, binary: Bool)
    /// The package has entered a phase.
    case phase(String)
    /// A package was merged into the root.
    case completed(index: Int, total: Int, cpv: String)
    /// Portage could not set up a sandbox and continued without it.
    case unsandboxed(String)
    /// The reason why the build takes longer.
    case note(String)
    /// Something that the user should know and that is not in the record.
    case warning(String)
}
