internal import SystemPackage

/// A stage that was bootstrapped.
public struct MadeStage: Sendable, Hashable, Codable {
    /// What tuples call it.
    public let name: String
    /// What identifies it.
    public let sha256: SHA256Digest
    /// Its archive's size in bytes.
    public let size: Int64
    /// Where its archive lies.
    public let archive: String

    /// Nil of a bootstrap that made none.
    init?(_ result: BuildResult, in state: StateDirectory) {
        guard let name = result.series.stage, let archive = result.archive else { return nil }
        self.name = name.text
        sha256 = archive.sha256
        size = archive.size
        self.archive = state.archive(of: archive.sha256).string
    }
}
