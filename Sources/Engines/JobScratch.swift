internal import Glibc
internal import SystemPackage

/// The directory of one job, `<state>/jobs/<id>`:
///
///     lock    held by the controlling process for as long as the job lives
///     upper/  all that the job changed in the root
///     work/   overlayfs' own
///     root/   where launchers mount the two, each in a namespace of its own
///     status  how the last step ended; written by its launcher, into room that
///             is reserved for it
///     engine  the name of whose job it is
///     kept    the stage's digest; only when the root is to outlive the job
///
/// Nobody but the owner gets into `jobs`: an upper layer holds programs that
/// are setuid root.
struct JobScratch: ~Copyable {
    /// Where it is.
    let path: FilePath
    /// Whether it holds the root that an earlier job left.
    let isKept: Bool

    private let lock: FileDescriptor

    deinit { Self.free(lock) }

    /// Makes the directory of a new job, or takes up one that was kept.
    ///
    /// - Parameter stage: what is to lie under the upper layer; nil for none.
    /// - Throws: ``EngineError`` with code `setup` when the job runs already
    ///   or the kept root is of another stage.
    static func claim(_ id: String, in state: FilePath, stage: StageImage?) throws -> JobScratch {
        let jobs = try makeJobs(in: state)
        let path = jobs.appending(id)
        // Held shared while the directory has no lock yet, so that a sweep
        // does not take it for one that nobody owns.
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
            // Nothing is in it yet.
            if isNew { removeEmpty(path) }
            free(lock)
            throw error
        }
        return JobScratch(path: path, isKept: !isNew, lock: lock)
    }

    /// Removes a directory that has only just been made.
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

    /// All that the job changed in the root.
    static let upper: FilePath.Component = "upper"
    /// The directory overlayfs(5) wants beside it.
    static let work: FilePath.Component = "work"
    /// Where the root is mounted.
    static let root: FilePath.Component = "root"

    /// Makes what an overlay over `tree` needs. The merged root shows the
    /// upper layer's own permissions on `/`.
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

    /// Lets overlayfs mount the layers again as volatile. It leaves a mark at
    /// the first such mount and refuses those after it, since all may be lost
    /// in a crash of the machine; but a job does not outlive one. See
    /// "Volatile mount" in the kernel's overlayfs documentation.
    static func allowVolatile(_ path: FilePath) {
        let mark = path.appending(work).appending("work/incompat/volatile")
        _ = mark.appending("dirty").withPlatformString { unlink($0) }
        _ = mark.withPlatformString { rmdir($0) }
        _ = mark.removingLastComponent().withPlatformString { rmdir($0) }
    }

    // MARK: How a step ended

    /// What its launcher says of a step.
    enum Verdict: Hashable {
        /// The command ran and ended with this status.
        case ran(status: Int32)
        /// bwrap could not start it, and has said why on standard error.
        case neverStarted
        /// The root could not be made.
        case failed(String)
    }

    /// Writes what ``takeVerdict()`` reads.
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
    /// What is reserved for a verdict, so that one can be written when the file
    /// system is full by then.
    private static let verdictSize = 4096

    /// Makes room for a verdict.
    private static func reserveVerdict(in path: FilePath) throws {
        do {
            try SmallFile.overwrite("", size: verdictSize, at: path.appending(verdictName))
        } catch let error as Errno {
            throw EngineError.setup("cannot write in '\(path)'", error, at: path)
        }
    }

    /// The verdict of the step that has just ended; nil when its launcher did
    /// not live to write one.
    borrowing func takeVerdict() -> Verdict? {
        let file = path.appending(Self.verdictName)
        guard let content = SmallFile.text(of: file) else { return nil }
        do {
            try SmallFile.overwrite("", size: Self.verdictSize, at: file)
        } catch {
            // Never to be taken for that of the next step.
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

    // MARK: Life and death

    /// Marks the root as one that outlives its job.
    borrowing func keep(over stage: StageImage) throws {
        do {
            try SmallFile.write(stage.digest, to: path.appending(Self.keptMark))
        } catch let error as Errno {
            throw EngineError.setup("cannot keep '\(path)'", error, at: path)
        }
    }

    /// Ends a job's use of its directory: removed, unless it holds the root that
    /// the job keeps.
    ///
    /// - Returns: where the kept root is.
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

    /// Whether a job's root outlives it.
    static func isKept(_ path: FilePath) -> Bool {
        path.appending(keptMark).withPlatformString { access($0, F_OK) } == 0
    }

    /// Whether the process that made a job lives still.
    static func isOwned(_ id: String, in state: FilePath) -> Bool {
        isOwned(state.appending("jobs").appending(id))
    }

    /// Whether the process that made a job's directory lives still.
    static func isOwned(_ path: FilePath) -> Bool {
        guard
            let file = try? FileDescriptor.open(
                path.appending("lock"), .readOnly, options: .closeOnExec)
        else { return false }
        defer { try? file.close() }
        return flock(file.rawValue, LOCK_SH | LOCK_NB) != 0
    }

    /// Claims the directories of an engine's jobs that died and were not kept,
    /// and of those that died before they had an engine.
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

    /// Removes the directories of an engine's jobs that died and were not kept:
    /// what another engine runs may not have ended with its owner.
    ///
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

    /// Makes an empty directory beside `jobs`.
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

    /// - Returns: whether it was made, as against being there already.
    private static func makeDirectory(_ path: FilePath, permissions: mode_t) throws -> Bool {
        let result = path.withPlatformString { name in
            // mkdir alone would subtract the umask.
            mkdir(name, permissions) == 0 ? chmod(name, permissions) : -1
        }
        if result == 0 { return true }
        let error = Errno(rawValue: errno)
        if error == .fileExists { return false }
        throw EngineError.setup(
            "cannot make directory '\(path)'", error, at: path.removingLastComponent(),
            hints: ["git config zentoo.state DIR"])
    }

    /// Waits for a lock of this name that all jobs of a state directory share.
    ///
    /// - Throws: ``EngineError`` with code `setup`; `CancellationError`.
    static func lock(_ name: String, in state: FilePath) async throws -> FileDescriptor {
        let file = try makeJobs(in: state).appending(".\(name).lock")
        while true {
            if let lock = try takeLock(file, LOCK_EX | LOCK_NB) { return lock }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Frees a lock. Closing alone does not, while a process that is just being
    /// started still has a copy of the descriptor (flock(2)).
    static func free(_ lock: FileDescriptor) {
        flock(lock.rawValue, LOCK_UN)
        try? lock.close()
    }

    /// - Returns: the lock, held until it is freed or its process dies; nil
    ///   when somebody else has it and it was not to be waited for.
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
