internal import Records
package import Sites
internal import SystemPackage

/// A stage that was bootstrapped.
package struct MadeStage: Sendable, Hashable, Codable {
    /// What tuples call it.
    package let name: String
    /// What identifies it.
    package let sha256: SHA256Digest
    /// Its archive's size in bytes.
    package let size: Int64
    /// Where its archive lies.
    package let archive: String

    /// Nil of a bootstrap that made none.
    init?(_ result: BuildResult, in state: StateDirectory) {
        guard let name = result.series.stage, let archive = result.archive else { return nil }
        self.name = name.text
        sha256 = archive.sha256
        size = archive.size
        self.archive = state.archive(of: archive.sha256).string
    }
}
