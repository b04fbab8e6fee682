internal import Files
package import Sites
internal import SystemPackage

/// A cache of SHA-256 digests of files in the pool. Each is stored with the
/// identity of the file and recomputed when the identity has changed.
///
/// The cache can be deleted at any time. Files modified within the last seconds
/// are not stored: a second modification might not change the identity.
package struct DigestCache {
    let pool: FilePath
    /// The file that stores the digests.
    private let file: FilePath

    private struct Entry {
        let identity: FileIdentity
        let digest: SHA256Digest
    }

    /// - Parameter part: the part of the pool, `<CHOST>/<flavour>` or `stages`;
    ///   each has its own file.
    package init(_ state: StateDirectory, part: String) {
        pool = state.pool
        file = state.cache.appending("digests").pushing(FilePath(part))
    }

    /// Returns the digests of files, by path below the pool; files that do not
    /// exist or are not regular files are omitted.
    ///
    /// - Parameter now: seconds since the epoch.
    /// - Throws: ``ExecError`` when the digests cannot be computed.
    package func digests(
        of paths: [String], now: Int64 = Timestamp.now.seconds
    ) async throws -> [String: SHA256Digest] {
        var known = read()
        var digests: [String: SHA256Digest] = [:]
        var unproven: [String: FileIdentity] = [:]
        for path in Set(paths) {
            guard let identity = identity(of: path) else { continue }
            if let entry = known[path], entry.identity == identity {
                digests[path] = entry.digest
            } else {
                unproven[path] = identity
            }
        }
        if unproven.isEmpty { return digests }
        let found = try await FileDigests().digests(of: unproven.keys.sorted(), in: pool)
        for (path, digest) in found {
            // If the file changed while it was read, the digest is discarded.
            guard let before = unproven[path], identity(of: path) == before else { continue }
            digests[path] = digest
            known[path] = before.isSettled(at: now) ? Entry(identity: before, digest: digest) : nil
        }
        write(known)
        return digests
    }

    private func identity(of path: String) -> FileIdentity? {
        (try? ConfinedFile.identity(of: FilePath(path), beneath: pool)) ?? nil
    }

    /// Reads the stored digests, one line each:
    /// `<digest> <device> <inode> <size> <modified> <changed> <path>`.
    private func read() -> [String: Entry] {
        guard let bytes = (try? FileContent.read(file)) ?? nil else { return [:] }
        var entries: [String: Entry] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 6).map(String.init)
            guard fields.count == 7, let digest = SHA256Digest(fields[0]),
                let device = UInt64(fields[1]), let inode = UInt64(fields[2]),
                let size = Int(fields[3]), let modified = Int64(fields[4]),
                let changed = Int64(fields[5])
            else { continue }
            entries[fields[6]] = Entry(
                identity: FileIdentity(
                    device: device, inode: inode, size: size, modified: modified, changed: changed),
                digest: digest)
        }
        return entries
    }

    /// Stores the digests. Errors are ignored: digests that are not stored are
    /// recomputed the next time.
    private func write(_ entries: [String: Entry]) {
        let lines = entries.filter { identity(of: $0.key) == $0.value.identity }
            .map { path, entry in
                let identity = entry.identity
                return "\(entry.digest) \(identity.device) \(identity.inode) \(identity.size) "
                    + "\(identity.modified) \(identity.changed) \(path)\n"
            }
        try? Directory.create(file.removingLastComponent())
        try? FileContent.write(Array(lines.sorted().joined().utf8), to: file)
    }
}
