internal import Files
package import SystemPackage

/// The files that the jobs of a build left in their writable directory.
///
/// Ebuilds and hooks run in those jobs as root of the root and can create any
/// file here, so no symbolic link is followed out of the directory.
package struct JobOutput {
    /// The directory, as this machine sees it.
    package let directory: FilePath

    /// Reads the files in a job's directory.
    package init(directory: FilePath) {
        self.directory = directory
    }

    /// Returns the content of a file of ours, such as `harvest`; nil if there
    /// is none.
    ///
    /// - Throws: `FileError`.
    package func read(_ name: String) throws -> [UInt8]? {
        try ConfinedFile.read(FilePath(name), beneath: directory, limit: Self.mostBytes)
    }

    /// Returns the logs of the single packages, ordered by name. Portage also
    /// creates a directory for its messages (elog) there.
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

    /// The subdirectory of ``packageLogs()``.
    static let logs = "logs"
    /// The log of a large package's tests can have tens of megabytes.
    private static let mostBytes = 1 << 28
}
