internal import Files
package import Sites
internal import SystemPackage

/// SHA-256 digests of files in the pool, kept with the identity of each file
/// at which they were taken, and taken again when that is another one.
///
/// What is kept can be deleted at any time. A file that changed within the
/// last seconds is not kept: a second change need not show.
package struct DigestCache {
    let pool: FilePath
    /// The file that holds what is known.
    private let file: FilePath

    private struct Entry {
        let identity: FileIdentity
        let digest: SHA256Digest
    }

    /// - Parameter part: which part of the pool, `<CHOST>/<flavour>` or `stages`:
    ///   each has a file of its own.
    package init(_ state: StateDirectory, part: String) {
        pool = state.pool
        file = state.cache.appending("digests").pushing(FilePath(part))
    }

    /// The digests of files, by path below the pool; what is not there, or is
    /// no regular file, has none.
    ///
    /// - Parameter now: seconds since the epoch.
    /// - Throws: ``ExecError`` when no digest can be taken.
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
            // Changed while it was read: nothing is known of it.
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

    /// `<digest> <device> <inode> <size> <modified> <changed> <path>`, a line each.
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

    /// Whoever cannot keep digests takes them again the next time.
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
