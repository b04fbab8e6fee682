internal import Files
package import SystemPackage

/// What the jobs of a build left in the directory they may write to.
///
/// Ebuilds and hooks run in those jobs, as root of the root: whatever lies
/// here may be theirs, so nothing is followed out of it.
package struct JobOutput {
    /// The directory, as this machine sees it.
    package let directory: FilePath

    /// What lies in a job's directory.
    package init(directory: FilePath) {
        self.directory = directory
    }

    /// A file of ours, such as `harvest`; nil when there is none.
    ///
    /// - Throws: `FileError`.
    package func read(_ name: String) throws -> [UInt8]? {
        try ConfinedFile.read(FilePath(name), beneath: directory, limit: Self.mostBytes)
    }

    /// The logs of the single packages, in the order of their names; beside
    /// them Portage makes a directory for its messages (elog).
    ///
    /// - Throws: `FileError`.
    func packageLogs() throws -> [(name: String, bytes: [UInt8])] {
        let logs = directory.appending(Self.logs)
        guard try FileStatus.of(logs)?.kind == .directory else { return [] }
        return try Directory.names(in: logs).compactMap { name in
            guard try FileStatus.of(logs.appending(name))?.kind == .file,
                let bytes = try ConfinedFile.read(
                    FilePath(root: nil, components: name), beneath: logs, limit: Self.mostBytes)
            else { return nil }
            return (name.string, bytes)
        }
    }

    /// Where ``packageLogs()`` lie in it.
    static let logs = "logs"
    /// The log of a large package's tests may have tens of megabytes.
    private static let mostBytes = 1 << 28
}
