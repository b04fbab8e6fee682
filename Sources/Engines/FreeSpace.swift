internal import Glibc
internal import SystemPackage

/// The free space of a file system.
enum FreeSpace {
    /// Returns whether almost no space or no inodes are left; false if that
    /// cannot be determined.
    static func isUsedUp(at path: FilePath) -> Bool {
        var status = statvfs()
        guard path.withPlatformString({ statvfs($0, &status) }) == 0, status.f_blocks > 0
        else { return false }
        let left = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        // Some file systems do not count inodes.
        let hasNoFiles = status.f_files > 0 && status.f_favail < 4
        return hasNoFiles || left < leastBytes
    }

    /// A launcher and its mounts need more than this.
    private static let leastBytes: UInt64 = 64 << 10
}

extension EngineError {
    /// Creates an error from a system error while setting up a job.
    static func setup(
        _ message: String, _ errno: Errno, at path: FilePath, hints: [String] = []
    ) -> EngineError {
        guard errno == .noSpace || errno == .diskQuotaExceeded else {
            return EngineError(.setup, "\(message): \(errno)", hints: hints)
        }
        return EngineError(
            .noSpace, "\(message): \(errno)", hints: hints + noSpaceHints(at: path))
    }

    /// Returns hints about a full file system.
    static func noSpaceHints(at path: FilePath) -> [String] {
        ["free some space on the file system of '\(path)'"]
    }

    /// Returns an error with code `noSpace` if this is a setup error and the
    /// file system of `path` is full; otherwise returns this error.
    func explained(by path: FilePath) -> EngineError {
        guard code == .setup, FreeSpace.isUsedUp(at: path) else { return self }
        return EngineError(
            .noSpace, "\(message); no space is left on the file system of '\(path)'",
            hints: Self.noSpaceHints(at: path))
    }
}
