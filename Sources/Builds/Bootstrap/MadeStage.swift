internal import Records
package import Sites
internal import SystemPackage

/// A bootstrapped stage.
package struct MadeStage: Sendable, Hashable, Codable {
    /// The name by which tuples refer to it.
    package let name: String
    /// The digest that identifies it.
    package let sha256: SHA256Digest
    /// The size of its archive in bytes.
    package let size: Int64
    /// The path of its archive.
    package let archive: String

    /// Returns nil if the bootstrap made no stage.
    init?(_ result: BuildResult, in state: StateDirectory) {
        guard let name = result.series.stage, let archive = result.archive else { return nil }
        self.name = name.text
        sha256 = archive.sha256
        size = archive.size
        self.archive = state.archive(of: archive.sha256).string
    }
}
