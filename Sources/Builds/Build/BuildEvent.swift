package import Records

/// What happens while a tuple is built; drawn by whoever shows it.
package enum BuildEvent: Sendable, Hashable {
    /// Somebody else builds the same, or writes the same PKGDIR.
    case waiting(String)
    /// The tuple commit is made and the build has an id.
    case began(BuildID)
    /// A stage or repository is being fetched or unpacked.
    case preparing(String)
    /// Portage has said what it would do.
    case planned(MergePlan, estimate: Int?)
    /// A step of the job begins: `fetch`, `merge`, `premerge.d/10-x`.
    case step(String)
    /// The how-manieth package of how many is being built or installed.
    case package(index: Int, total: Int, cpv: String, binary: Bool)
    /// The package has entered a phase.
    case phase(String)
    /// A package is in the root.
    case completed(index: Int, total: Int, cpv: String)
    /// Portage could not set up a sandbox and went on without.
    case unsandboxed(String)
    /// Something that explains why it takes longer.
    case note(String)
    /// Something the user should know and the record does not say.
    case warning(String)
}
