internal import CLinux
internal import Glibc
internal import SystemPackage

/// Starts bwrap(1) and waits until it and all its processes have ended.
///
/// Two clean-up mechanisms of bwrap are not enough. When it is killed, the
/// processes in its namespace die a moment later, and one killed during its
/// set-up leaves a child behind. And its `--die-with-parent` depends on the
/// thread that started it, while this launcher must end with the process that
/// started it. The supervisor therefore adopts orphans, watches its parent
/// process through a pidfd, and returns only when it has no children left.
struct LocalSupervisor {
    /// How a run ended.
    enum End: Hashable {
        /// The command ran and ended with this status; 128 or more for a
        /// signal, as in a shell.
        case ran(status: Int32)
        /// The command was never started; bwrap has reported why.
        case neverStarted
        /// A signal ended bwrap and with it the command.
        case killed(signal: Int32)
        /// The run was stopped by a signal to this process or because its owner
        /// ended.
        case stopped
    }

    private let signals: FileDescriptor
    private let owner: FileDescriptor

    /// Creates a supervisor. Must be called before anything is mounted or
    /// started.
    ///
    /// - Throws: ``EngineError`` when the job's owner has already ended.
    init(scratch: FilePath) throws {
        owner = FileDescriptor(
            rawValue: try Self.checked(
                "watch the process it runs for", zentoo_pidfd_open(getppid())))
        // Checked after the pidfd is open: if the owner had died before that,
        // its pid might belong to another process.
        guard JobScratch.isOwned(scratch) else {
            throw EngineError(.setup, "the process this job runs for is gone")
        }
        try Self.checked("adopt orphans", zentoo_become_subreaper())
        var mask = Self.signalSet([
            SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGWINCH, SIGCONT,
        ])
        try Self.checked("block signals", sigprocmask(SIG_BLOCK, &mask, nil))
        signals = FileDescriptor(
            rawValue: try Self.checked("watch signals", zentoo_signalfd(&mask)))
    }

    /// Runs bwrap with these arguments until all its processes have ended.
    ///
    /// - Parameters:
    ///   - arguments: the arguments of bwrap(1) for mounts and command.
    ///   - namespace: the user namespace that the command is moved to after all
    ///     mounts are made; see ``UserNamespace/nested()``.
    ///   - onTerminal: whether a user works with the command at this process'
    ///     terminal, if there is one.
    /// - Returns: how the run ended.
    /// - Throws: ``EngineError`` with code `setup`; `Errno`.
    func run(
        _ arguments: [String], in namespace: FileDescriptor, onTerminal: Bool
    ) throws -> End {
        let terminal = onTerminal ? try PseudoTerminal.likeOurs() : nil
        // Non-blocking: a child that bwrap left behind may hold the write end.
        var ends: [Int32] = [-1, -1]
        try Self.checked("make a pipe", zentoo_pipe(&ends, O_CLOEXEC | O_NONBLOCK))
        let (reading, writing) = (
            FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1])
        )
        defer { try? reading.close() }
        let bubblewrap = try writing.closeAfter {
            try Self.spawn(
                ["bwrap", "--json-status-fd", String(Self.statusDescriptor)]
                    + ["--userns2", String(Self.namespaceDescriptor)]
                    // bwrap leaves the namespace descriptor open for the
                    // command, but closes the descriptor of --block-fd; a read
                    // from this one does not block.
                    + ["--block-fd", String(Self.namespaceDescriptor)]
                    // Without a session of its own the command would have this
                    // process' controlling terminal.
                    + (onTerminal && terminal == nil ? ["--new-session"] : []) + arguments,
                status: writing, namespace: namespace, terminal: terminal)
        }
        let (isStopped, signal) = try wait(for: bubblewrap, terminal)
        terminal?.finish()
        let report = BubblewrapStatus(SmallFile.text(of: reading))
        if !isStopped, let exitStatus = report.exitStatus {
            // The kernel lets the first process of the namespace end only after
            // all others in it have ended. Zero means that it is a child of
            // this process and alive, so the pid cannot belong to another.
            if let process = report.initProcess, waitpid(process, nil, WNOHANG) == 0 {
                kill(process, SIGKILL)
            }
            Self.reapAll()
            return .ran(status: exitStatus)
        }
        Self.endAll()
        if isStopped { return .stopped }
        return signal.map { .killed(signal: $0) } ?? .neverStarted
    }

    /// Waits for bwrap. Ignores SIGINT and SIGQUIT, which a terminal sends to
    /// bwrap as well.
    ///
    /// - Returns: whether this process stopped it, and the signal that ended
    ///   it, if any.
    private func wait(
        for child: pid_t, _ terminal: PseudoTerminal?
    ) throws -> (isStopped: Bool, signal: Int32?) {
        var watched = [
            pollfd(fd: signals.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: owner.rawValue, events: Int16(POLLIN), revents: 0),
        ]
        var isStopped = false
        while true {
            watched[2...] = (terminal?.watched() ?? [])[...]
            guard poll(&watched, nfds_t(watched.count), -1) >= 0 || errno == EINTR else {
                throw EngineError(.setup, "cannot wait: \(Errno(rawValue: errno))")
            }
            var isToStop = watched[1].revents != 0
            while case let signal = zentoo_read_signal(signals.rawValue), signal > 0 {
                switch signal {
                case SIGTERM, SIGHUP: isToStop = true
                case SIGWINCH: terminal?.takeSize()
                case SIGCONT: terminal?.makeOursRaw()
                default: break
                }
            }
            terminal?.pass(watched[2...])
            if isToStop {
                kill(child, SIGKILL)
                isStopped = true
                watched[1].fd = -1
            }
            var status: Int32 = 0
            if waitpid(child, &status, WNOHANG) == child {
                // WIFSIGNALED and WTERMSIG of wait(2) are macros.
                let signal = status & 0x7f
                return (isStopped, signal != 0 && signal != 0x7f ? signal : nil)
            }
        }
    }

    /// Ends the processes that bwrap left behind when it was killed or gave up.
    /// A child that has not received its start signal waits forever, and bwrap
    /// has not even reported its pid; it is found as a child of this process.
    private static func endAll() {
        repeat {
            for child in children() { kill(child, SIGKILL) }
        } while waitpid(-1, nil, 0) > 0 || errno == EINTR
    }

    private static func reapAll() {
        while waitpid(-1, nil, 0) > 0 || errno == EINTR {}
    }

    /// Finds children by their parent pid: `/proc/<pid>/task/<tid>/children`
    /// does not exist in every kernel.
    private static func children() -> [pid_t] {
        let names = (try? Directory.names(in: "/proc")) ?? []
        return names.compactMap { name in
            guard let process = pid_t(name),
                let stat = SmallFile.text(of: FilePath("/proc/\(name)/stat"))
            else { return nil }
            // The second field is the program name in parentheses, which may
            // contain any character; see proc(5).
            let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 1 && pid_t(fields[1]) == getpid() ? process : nil
        }
    }

    private static let statusDescriptor: Int32 = 3
    private static let namespaceDescriptor: Int32 = 4

    private static func spawn(
        _ arguments: [String], status: FileDescriptor, namespace: FileDescriptor,
        terminal: PseudoTerminal?
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // Neither dup2 may overwrite the other descriptor before it is copied.
        let high = try checked(
            "copy a descriptor",
            fcntl(namespace.rawValue, F_DUPFD_CLOEXEC, namespaceDescriptor + 1))
        defer { close(high) }
        let highStatus = try checked(
            "copy a descriptor", fcntl(status.rawValue, F_DUPFD_CLOEXEC, namespaceDescriptor + 1))
        defer { close(highStatus) }
        posix_spawn_file_actions_adddup2(&actions, highStatus, statusDescriptor)
        posix_spawn_file_actions_adddup2(&actions, high, namespaceDescriptor)
        var flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        if let path = terminal?.path {
            // The first terminal that a session leader opens becomes the
            // controlling terminal of the session (tty_ioctl(4)).
            flags |= Int16(ZENTOO_SPAWN_SETSID)
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
            if terminal?.takesErrors == true {
                posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
            }
        }
        // The command must not inherit blocked or ignored signals.
        var none = signalSet([])
        var defaults = signalSet([SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE])
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, flags)

        let words = arguments.map { strdup($0) }
        defer { words.forEach { free($0) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, "bwrap", &actions, &attributes, words + [nil], environ)
        guard code == 0 else {
            throw EngineError(.setup, "cannot run 'bwrap': \(Errno(rawValue: code))")
        }
        return child
    }

    private static func signalSet(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        signals.forEach { sigaddset(&set, $0) }
        return set
    }

    @discardableResult
    private static func checked(_ purpose: String, _ result: Int32) throws -> Int32 {
        guard result >= 0 else {
            throw EngineError(.setup, "cannot \(purpose): \(Errno(rawValue: errno))")
        }
        return result
    }
}

/// The output of bwrap(1) to `--json-status-fd`: a document when the namespace
/// is created, and another when a command that was started has ended.
struct BubblewrapStatus: Hashable {
    /// The first process of the namespace.
    let initProcess: pid_t?
    /// The exit status of the command; nil when it was never started.
    let exitStatus: Int32?

    init(_ text: String) {
        initProcess = Self.number(named: "child-pid", in: text)
        exitStatus = Self.number(named: "exit-code", in: text)
    }

    private static func number(named name: String, in text: String) -> Int32? {
        let words = text.split { " {},:\n".contains($0) }
        guard let index = words.firstIndex(of: "\"\(name)\""), index + 1 < words.endIndex
        else { return nil }
        return Int32(words[index + 1])
    }
}
