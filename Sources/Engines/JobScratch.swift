internal import Glibc
internal import SystemPackage

/// The directory of one job, `<state>/jobs/<id>`:
///
///     lock    held by the controlling process for the lifetime of the job
///     upper/  all changes of the job to the root
///     work/   overlayfs' work directory
///     root/   where launchers mount the two, each in a namespace of its own
///     status  how the last step ended; written by its launcher, into space
///             that is reserved for it
///     engine  the name of the engine that runs the job
///     kept    the stage's digest; only when the root is to outlive the job
///
/// Only the owner can enter `jobs`: an upper layer holds programs that are
/// setuid root.
struct JobScratch: ~Copyable {
    /// The path of the directory.
    let path: FilePath
    /// Whether it holds the root of an earlier job.
    let isKept: Bool

    private let lock: FileDescriptor

    deinit { Self.free(lock) }

    /// Creates the directory of a new job, or reuses one that was kept.
    ///
    /// - Parameters:
    ///   - id: the job's id.
    ///   - state: the state directory.
    ///   - stage: the stage below the upper layer; nil for none.
    /// - Throws: ``EngineError`` with code `setup` when the job is already
    ///   running or the kept root is of another stage.
    static func claim(_ id: String, in state: FilePath, stage: StageImage?) throws -> JobScratch {
        let jobs = try makeJobs(in: state)
        let path = jobs.appending(id)
        // Held shared until the directory has a lock, so that a sweep does not
        // mistake it for an abandoned one.
        let gate = try takeLock(jobs.appending(".lock"), LOCK_SH)
        defer { gate.map(free) }
        let isNew = try makeDirectory(path, permissions: 0o700)
        guard let lock = try takeLock(path.appending("lock"), LOCK_EX | LOCK_NB) else {
            throw EngineError(.setup, "job '\(id)' is running already")
        }
        let kept = SmallFile.text(of: path.appending(Self.keptMark))
        guard isNew || (kept != nil && kept == stage?.digest) else {
            free(lock)
            throw EngineError(
                .setup, "cannot use '\(path)': not the kept root of this stage",
                hints: ["remove it when it is no longer wanted, or use another id"])
        }
        do {
            try reserveVerdict(in: path)
        } catch {
            // The directory is still empty.
            if isNew { removeEmpty(path) }
            free(lock)
            throw error
        }
        return JobScratch(path: path, isKept: !isNew, lock: lock)
    }

    /// Removes a directory that has just been created.
    private static func removeEmpty(_ path: FilePath) {
        for name in [verdictName, "lock"] {
            _ = path.appending(name).withPlatformString { unlink($0) }
        }
        _ = path.withPlatformString { rmdir($0) }
    }

    private init(path: FilePath, isKept: Bool, lock: FileDescriptor) {
        self.path = path
        self.isKept = isKept
        self.lock = lock
    }

    private static let keptMark: FilePath.Component = "kept"

    /// The changes of the job to the root.
    static let upper: FilePath.Component = "upper"
    /// The work directory that overlayfs requires.
    static let work: FilePath.Component = "work"
    /// The mount point of the root.
    static let root: FilePath.Component = "root"

    /// Creates the directories that an overlay over `tree` needs. The merged
    /// root has the upper layer's permissions on `/`.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    borrowing func makeLayers(over tree: FilePath) throws {
        var status = stat()
        guard tree.withPlatformString({ stat($0, &status) }) == 0 else {
            throw EngineError(
                .setup, "cannot open stage '\(tree)': \(Errno(rawValue: errno))")
        }
        for (name, permissions) in [
            (Self.upper, status.st_mode & 0o7777), (Self.work, 0o700), (Self.root, 0o700),
        ] {
            _ = try Self.makeDirectory(path.appending(name), permissions: permissions)
        }
    }

    /// Allows overlayfs to mount the layers as volatile again. The kernel
    /// leaves a mark at the first volatile mount and refuses later ones, since
    /// a crash of the machine may lose data; but a job does not survive such a
    /// crash. See "Volatile mount" in the kernel's overlayfs documentation.
    static func allowVolatile(_ path: FilePath) {
        let mark = path.appending(work).appending("work/incompat/volatile")
        _ = mark.appending("dirty").withPlatformString { unlink($0) }
        _ = mark.withPlatformString { rmdir($0) }
        _ = mark.removingLastComponent().withPlatformString { rmdir($0) }
    }

    // MARK: How a step ended

    /// The report of a launcher about a step.
    enum Verdict: Hashable {
        /// The command ran and ended with this status.
        case ran(status: Int32)
        /// bwrap could not start it, and wrote the reason to standard error.
        case neverStarted
        /// The root could not be set up.
        case failed(String)
    }

    /// Writes the verdict that ``takeVerdict()`` reads.
    ///
    /// - Throws: `Errno`.
    static func write(_ verdict: Verdict, in path: FilePath) throws {
        let text =
            switch verdict {
            case .ran(let status): "ran \(status)"
            case .neverStarted: "never-started"
            case .failed(let message): "failed \(message)"
            }
        try SmallFile.overwrite(text, size: verdictSize, at: path.appending(verdictName))
    }

    private static let verdictName: FilePath.Component = "status"
    /// The space reserved for a verdict in bytes, so that one can be written
    /// even when the file system is full.
    private static let verdictSize = 4096

    /// Reserves space for a verdict.
    private static func reserveVerdict(in path: FilePath) throws {
        do {
            try SmallFile.overwrite("", size: verdictSize, at: path.appending(verdictName))
        } catch let error as Errno {
            throw EngineError.setup("cannot write in '\(path)'", error, at: path)
        }
    }

    /// Reads and clears the verdict of the step that has just ended; nil when
    /// its launcher died before writing one.
    borrowing func takeVerdict() -> Verdict? {
        let file = path.appending(Self.verdictName)
        guard let content = SmallFile.text(of: file) else { return nil }
        do {
            try SmallFile.overwrite("", size: Self.verdictSize, at: file)
        } catch {
            // Otherwise it would be read as the verdict of the next step.
            _ = file.withPlatformString { unlink($0) }
        }
        let text = String(content.prefix { $0 != "\0" })
        if text == "never-started" { return .neverStarted }
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { return nil }
        return switch words[0] {
        case "ran": Int32(words[1]).map(Verdict.ran)
        case "failed": .failed(words[1])
        default: nil
        }
    }

    // MARK: Lifetime

    /// Marks the root as one that outlives its job.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    borrowing func keep(over stage: StageImage) throws {
        do {
            try SmallFile.write(stage.digest, to: path.appending(Self.keptMark))
        } catch let error as Errno {
            throw EngineError.setup("cannot keep '\(path)'", error, at: path)
        }
    }

    /// Ends a job's use of its directory and removes it, unless it holds a root
    /// that the job keeps.
    ///
    /// - Returns: the path of the kept root, if any.
    /// - Throws: ``EngineError`` with code `setup`.
    borrowing func finish(_ job: Job, by privileges: Privileges) async throws -> FilePath? {
        if case .overlay(let stage) = job.root, job.keepsRoot {
            try keep(over: stage)
            return path
        }
        try await privileges.removeTree(path)
        guard job.keepsRoot, case .directory(let directory, _) = job.root else { return nil }
        return directory
    }

    /// Returns whether a job's root outlives it.
    static func isKept(_ path: FilePath) -> Bool {
        path.appending(keptMark).withPlatformString { access($0, F_OK) } == 0
    }

    /// Returns whether the process that controls a job is still alive.
    static func isOwned(_ id: String, in state: FilePath) -> Bool {
        isOwned(state.appending("jobs").appending(id))
    }

    /// Returns whether the process that controls a job's directory is still
    /// alive.
    static func isOwned(_ path: FilePath) -> Bool {
        guard
            let file = try? FileDescriptor.open(
                path.appending("lock"), .readOnly, options: .closeOnExec)
        else { return false }
        defer { try? file.close() }
        return flock(file.rawValue, LOCK_SH | LOCK_NB) != 0
    }

    /// Locks the directories of an engine's dead jobs that were not kept, and
    /// of jobs that died before an engine was recorded.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    static func claimDead(in state: FilePath, of engine: String) throws -> [(
        path: FilePath, lock: FileDescriptor
    )] {
        let jobs = state.appending("jobs")
        guard let names = try? Directory.names(in: jobs) else { return [] }
        guard let gate = try takeLock(jobs.appending(".lock"), LOCK_EX) else { return [] }
        defer { free(gate) }
        return try names.filter { $0.first != "." }.compactMap { name in
            let path = jobs.appending(name)
            guard !isKept(path), [engine, nil].contains(Self.engine(of: path)),
                let lock = try takeLock(path.appending("lock"), LOCK_EX | LOCK_NB)
            else { return nil }
            return (path, lock)
        }
    }

    /// Removes the directories of an engine's dead jobs that were not kept.
    /// Other engines' jobs are left alone: they may outlive their controlling
    /// process.
    ///
    /// - Returns: the removed directories.
    /// - Throws: ``EngineError`` when one cannot be removed.
    static func sweep(
        in state: FilePath, of engine: String, _ privileges: Privileges
    ) async throws -> [FilePath] {
        let dead = try claimDead(in: state, of: engine)
        defer { dead.forEach { free($0.lock) } }
        for (path, _) in dead {
            LocalStragglers.end(in: path)
            try await ContainerFences.sweep(path, by: privileges)
            try await privileges.removeTree(path)
        }
        return dead.map(\.path)
    }

    /// Creates an empty directory beside `jobs`.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    static func makeEmptyDirectory(in state: FilePath) throws -> FilePath {
        _ = try makeDirectory(state, permissions: 0o755)
        var template = state.appending("check-XXXXXX").withPlatformString {
            Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
        }
        guard mkdtemp(&template) != nil else {
            throw EngineError(
                .setup, "cannot make a directory in '\(state)': \(Errno(rawValue: errno))")
        }
        return FilePath(platformString: template)
    }

    private static func makeJobs(in state: FilePath) throws -> FilePath {
        _ = try makeDirectory(state, permissions: 0o755)
        let jobs = state.appending("jobs")
        _ = try makeDirectory(jobs, permissions: 0o700)
        return jobs
    }

    /// - Returns: true if it was created, false if it already existed.
    private static func makeDirectory(_ path: FilePath, permissions: mode_t) throws -> Bool {
        let result = path.withPlatformString { name in
            // mkdir(2) alone would subtract the umask.
            mkdir(name, permissions) == 0 ? chmod(name, permissions) : -1
        }
        if result == 0 { return true }
        let error = Errno(rawValue: errno)
        if error == .fileExists { return false }
        throw EngineError.setup(
            "cannot make directory '\(path)'", error, at: path.removingLastComponent(),
            hints: ["git config zentoo.state DIR"])
    }

    /// Waits for the lock of this name, which all jobs of a state directory
    /// share.
    ///
    /// - Throws: ``EngineError`` with code `setup`; `CancellationError`.
    static func lock(_ name: String, in state: FilePath) async throws -> FileDescriptor {
        let file = try makeJobs(in: state).appending(".\(name).lock")
        while true {
            if let lock = try takeLock(file, LOCK_EX | LOCK_NB) { return lock }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Releases a lock. Closing alone does not release it while a process that
    /// is just being started still has a copy of the descriptor (flock(2)).
    static func free(_ lock: FileDescriptor) {
        flock(lock.rawValue, LOCK_UN)
        try? lock.close()
    }

    /// - Returns: the lock, held until it is released or its process ends; nil
    ///   when another process holds it and `operation` does not wait.
    private static func takeLock(_ path: FilePath, _ operation: Int32) throws -> FileDescriptor? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(
                path, .readWrite, options: [.create, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite)
        } catch let error as Errno {
            throw EngineError.setup(
                "cannot open lock '\(path)'", error, at: path.removingLastComponent())
        }
        var result: Int32
        repeat { result = flock(file.rawValue, operation) } while result != 0 && errno == EINTR
        if result == 0 { return file }
        let error = Errno(rawValue: errno)
        try? file.close()
        if error == .wouldBlock { return nil }
        throw EngineError(.setup, "cannot lock '\(path)': \(error)")
    }
}
