internal import Glibc
internal import SystemPackage

/// How much fits into the file system of a place.
enum FreeSpace {
    /// Whether next to nothing does, in bytes or in files; false where it cannot
    /// be told.
    static func isUsedUp(at path: FilePath) -> Bool {
        var status = statvfs()
        guard path.withPlatformString({ statvfs($0, &status) }) == 0, status.f_blocks > 0
        else { return false }
        let left = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        // Some file systems count no files.
        let hasNoFiles = status.f_files > 0 && status.f_favail < 4
        return hasNoFiles || left < leastBytes
    }

    /// Less than a launcher and what it mounts need.
    private static let leastBytes: UInt64 = 64 << 10
}

extension EngineError {
    /// An obstacle that the system put in the way of setting up a job.
    static func setup(
        _ message: String, _ errno: Errno, at path: FilePath, hints: [String] = []
    ) -> EngineError {
        guard errno == .noSpace || errno == .diskQuotaExceeded else {
            return EngineError(.setup, "\(message): \(errno)", hints: hints)
        }
        return EngineError(
            .noSpace, "\(message): \(errno)", hints: hints + noSpaceHints(at: path))
    }

    /// What to do about a full file system.
    static func noSpaceHints(at path: FilePath) -> [String] {
        ["free some space on the file system of '\(path)'"]
    }

    /// The same obstacle, which the full file system of `path` explains.
    func explained(by path: FilePath) -> EngineError {
        guard code == .setup, FreeSpace.isUsedUp(at: path) else { return self }
        return EngineError(
            .noSpace, "\(message); no space is left on the file system of '\(path)'",
            hints: Self.noSpaceHints(at: path))
    }
}
