internal import Exec
internal import Files
package import Records
package import Sites
package import SystemPackage

/// The full log of a build, compressed at its end.
package struct BuildLog {
    /// The file descriptor that lines are written to.
    package let descriptor: FileDescriptor
    private let path: FilePath

    /// Creates the log of a new build.
    ///
    /// - Throws: `FileError`.
    package static func create(for build: BuildID, in state: StateDirectory) throws -> BuildLog {
        let path = state.logs.appending("\(build).log")
        do {
            let descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            return BuildLog(descriptor: descriptor, path: path)
        } catch let error as Errno {
            throw FileError("create", path, error)
        }
    }

    /// Closes and compresses the log, also that of a cancelled build. If it
    /// cannot be compressed it stays uncompressed.
    ///
    /// - Returns: its name in the logs directory.
    package func close() async throws -> String {
        try descriptor.close()
        let compression = Invocation("zstd", ["--quiet", "--rm", "-f", "--", path.string])
        // A task of its own, awaited at once, shields from cancellation.
        let result = try await Task { try await compression.run() }.value
        let name = path.lastComponent?.string ?? ""
        guard result.status.isSuccess else {
            // For example because the disk is full: the log matters more than
            // its compression, and the record more than both.
            try? FileContent.remove(FilePath("\(path).zst"))
            return name
        }
        return name + ".zst"
    }
}
