internal import Engines
internal import Exec
internal import Files
package import Sites
internal import SystemPackage

extension StageStore {
    /// Reads the whole tree again and compares it with its state when it was
    /// unpacked; takes about as long as reading it from disk.
    ///
    /// - Throws: ``StageError`` if the stage is not on this machine;
    ///   `ExecError` if its tree cannot be read.
    package func verify(_ digest: SHA256Digest) async throws -> StageVerification {
        guard let info = info(of: digest) else { throw absent(digest) }
        let tree = path(of: digest).appending(Self.treeName)
        let recorded = try FileContent.read(path(of: digest).appending(Self.listingName)) ?? []
        let altered = Self.difference(recorded, try await listing(of: tree))
        let now = try await self.digest(of: tree)
        return StageVerification(isIntact: altered.isEmpty && now == info.tree, altered: altered)
    }

    /// Removes a stage from the store. The caller must check that it is not in
    /// use; see the locks of roots and builds.
    ///
    /// - Throws: ``StageError`` if the stage is not on this machine;
    ///   `FileError`.
    package func remove(_ digest: SHA256Digest) async throws {
        guard info(of: digest) != nil else { throw absent(digest) }
        let area = IncomingArea(parent: folder, privileges: privileges)
        try await area.sweep()
        // Moved first, so that no partially deleted stage is visible.
        try await area.with { directory in
            try Directory.move(path(of: digest), to: directory.appending("removed"))
        }
    }

    func listing(of tree: FilePath) async throws -> [UInt8] {
        try await Tool.run(privileges.wrap(TreeArchive.listing(of: tree))).orThrow().output
    }

    func digest(of tree: FilePath) async throws -> SHA256Digest {
        let invocation = privileges.wrap(TreeArchive(kind: .root).digest(of: tree))
        return try Checksum.sha256(from: try await Tool.run(invocation).orThrow())
    }

    private func absent(_ digest: SHA256Digest) -> StageError {
        StageError(
            .absent, "stage '\(digest)' is not here",
            hints: ["list what is with 'git zentoo stage list'"])
    }

    /// Returns the paths whose lines differ.
    private static func difference(_ before: [UInt8], _ after: [UInt8]) -> [String] {
        let changed = Set(before.split(separator: 0))
            .symmetricDifference(after.split(separator: 0))
        let paths = changed.map { line in
            let path = line.drop { $0 != UInt8(ascii: "\t") }.dropFirst()
            return String(decoding: path, as: UTF8.self)
        }
        return Set(paths).sorted()
    }
}
