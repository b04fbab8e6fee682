internal import Glibc
public import SystemPackage

/// A lock on a file, held by this process alone for the lifetime of the value.
/// The kernel releases it when the process ends, however it ends.
///
/// flock(2): the lock belongs to the open file, so two values in one process
/// also exclude each other. The file itself is not removed; otherwise two
/// processes could lock two different files of the same name.
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit {
        // Closing alone does not release the lock while a process that is just
        // being started still has a copy of the descriptor (flock(2)).
        flock(descriptor.rawValue, LOCK_UN)
        try? descriptor.close()
    }

    /// Takes the lock if it is free.
    ///
    /// - Returns: the lock; nil when it is already held.
    /// - Throws: ``FileError``.
    public static func tryLock(_ path: FilePath) throws -> FileLock? {
        let descriptor = try open(path)
        while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let reason = Errno(rawValue: Glibc.errno)
            if reason == .interrupted { continue }
            try? descriptor.close()
            if reason == .wouldBlock { return nil }
            throw FileError("lock", path, reason)
        }
        return FileLock(descriptor)
    }

    /// Takes the lock, waiting until it is free.
    ///
    /// - Parameter onWait: called once when the lock is not free.
    /// - Throws: ``FileError``; `CancellationError` when cancelled while
    ///   waiting.
    public static func lock(_ path: FilePath, onWait: () -> Void = {}) async throws -> FileLock {
        if let lock = try tryLock(path) { return lock }
        onWait()
        while true {
            // Polls, since a blocking flock(2) cannot be cancelled.
            try await Task.sleep(for: .milliseconds(100))
            if let lock = try tryLock(path) { return lock }
        }
    }

    /// Returns whether the file at `path` is still the locked one.
    ///
    /// - Throws: ``FileError``.
    public func isOf(_ path: FilePath) throws -> Bool {
        var ours = stat()
        var theirs = stat()
        guard fstat(descriptor.rawValue, &ours) == 0 else {
            throw FileError("look at", path, Errno(rawValue: Glibc.errno))
        }
        guard lstat(path.string, &theirs) == 0 else { return false }
        return ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev
    }

    /// Runs `body` while holding the lock; see ``lock(_:onWait:)``.
    public static func holding<Result>(
        _ path: FilePath, onWait: () -> Void = {}, body: () async throws -> Result
    ) async throws -> Result {
        let lock = try await lock(path, onWait: onWait)
        let result = try await body()
        _ = consume lock
        return result
    }

    private static func open(_ path: FilePath) throws -> FileDescriptor {
        do {
            do {
                return try FileDescriptor.open(
                    path, .readWrite, options: [.create, .closeOnExec, .noFollow],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
            } catch Errno.permissionDenied {
                // Another user's file can be locked as well: flock(2) needs no
                // write permission.
                return try FileDescriptor.open(
                    path, .readOnly, options: [.closeOnExec, .noFollow])
            }
        } catch let error as Errno {
            throw FileError("open", path, error)
        }
    }
}
