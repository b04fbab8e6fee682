#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

/// The packed-refs file while this process holds its lock (git-pack-refs(1)).
///
/// libgit2 reads this file before it takes the lock to write it: two
/// simultaneous deletions restore a reference, and one during `git gc` drops
/// references of other processes. References are therefore removed from it
/// here, as git does: under the lock, which is kept until the loose files are
/// removed too, so that no other process packs them again.
struct PackedReferences {
    private let file: FilePath

    /// Runs `body` while no other process may write the file.
    ///
    /// - Throws: ``GitError``, `locked` when another process holds the lock,
    ///   and what `body` throws.
    static func locked<Result>(
        in commonDirectory: FilePath, _ body: (PackedReferences) throws -> Result
    ) throws -> Result {
        let name = commonDirectory.appending("packed-refs")
        // A symbolic link stays one: the file it points to is replaced.
        let file = name.resolved() ?? name
        let lock = FilePath(file.string + ".lock")
        try Contention.retryingLocks { try take(lock) }
        defer { _ = lock.withPlatformString { unlink($0) } }
        return try body(PackedReferences(file: file))
    }

    private static func take(_ lock: FilePath) throws {
        do {
            try FileDescriptor.open(
                lock, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: FilePermissions(rawValue: 0o666)
            ).close()
        } catch Errno.fileExists {
            throw GitError(.locked, "failed to lock file '\(lock)' for writing")
        } catch let error as Errno {
            throw FileAccess.failure("lock", lock.description, error.rawValue)
        }
    }

    /// Removes references from the file; those that are not in it are ignored.
    ///
    /// - Throws: ``GitError``.
    func remove(_ names: Set<RefName>) throws {
        guard let (content, mode) = try read() else { return }
        let wanted = Set(names.map { Array("\($0)".utf8) })
        var kept: [UInt8] = []
        kept.reserveCapacity(content.count)
        var isDropping = false
        for line in content.split(separator: Self.newline) {
            // A line that begins with ^ is the peeled target of the tag above.
            if line.first != UInt8(ascii: "^") {
                isDropping =
                    line.first != UInt8(ascii: "#")
                    && wanted.contains(Array(line.dropFirst(ObjectID.hexLength + 1)))
            }
            if !isDropping { kept += line + [Self.newline] }
        }
        if kept.count != content.count { try replace(with: kept, mode) }
    }

    private func read() throws -> (content: [UInt8], mode: mode_t)? {
        let input: FileDescriptor
        do {
            input = try FileAccess.open(file, in: nil)
        } catch let error as GitError where error.code == .notFound {
            return nil
        }
        defer { try? input.close() }
        var status = stat()
        guard fstat(input.rawValue, &status) == 0 else {
            throw FileAccess.failure("read", file.description)
        }
        return (try FileAccess.readAll(input, file.description), status.st_mode & 0o777)
    }

    private func replace(with content: [UInt8], _ mode: mode_t) throws {
        let beside = FilePath(file.string + ".new")
        // Only the holder of the lock uses this file; a killed process may have
        // left one.
        _ = beside.withPlatformString { unlink($0) }
        do {
            let output = try FileDescriptor.open(
                beside, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
            try output.closeAfter {
                _ = try output.writeAll(content)
                guard fchmod(output.rawValue, mode) == 0, fsync(output.rawValue) == 0 else {
                    throw Errno(rawValue: errno)
                }
            }
        } catch let error as Errno {
            _ = beside.withPlatformString { unlink($0) }
            throw FileAccess.failure("write", file.description, error.rawValue)
        }
        let status = beside.withPlatformString { old in
            file.withPlatformString { new in rename(old, new) }
        }
        guard status == 0 else { throw FileAccess.failure("write", file.description) }
    }

    private static let newline = UInt8(ascii: "\n")
}
