internal import CLinux
internal import Glibc
internal import SystemPackage

/// Starts bwrap(1) and stays until it and all it started are gone.
///
/// Two ends of bwrap's own are not enough. When it is killed the processes
/// in its namespace die a moment later, and one killed while it sets things
/// up leaves a child behind. And its `--die-with-parent` heeds the thread
/// that started it, while ours is the process at the other end of this one.
/// So the supervisor takes in orphans, watches the process that started it
/// through a pidfd, and returns only when it has no children left.
struct LocalSupervisor {
    /// How a run ended.
    enum End: Hashable {
        /// The command ran and ended with this status, 128 and more for a
        /// signal as a shell shows it.
        case ran(status: Int32)
        /// The command was never started; bwrap has said why.
        case neverStarted
        /// A signal has ended bwrap, and with it the command.
        case killed(signal: Int32)
        /// We were told to end it, or those it ran for are gone.
        case stopped
    }

    private let signals: FileDescriptor
    private let owner: FileDescriptor

    /// Must be made before anything is mounted or started.
    ///
    /// - Throws: ``EngineError`` when the owner of the job is gone already.
    init(scratch: FilePath) throws {
        owner = FileDescriptor(
            rawValue: try Self.checked(
                "watch the process it runs for", zentoo_pidfd_open(getppid())))
        // Only now: had the owner died before, its pid would be another's.
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

    /// Runs bwrap with these arguments to the end of all its processes.
    ///
    /// - Parameters:
    ///   - namespace: the user namespace that the command is moved to when all
    ///     mounts are made; see ``UserNamespace/nested()``.
    ///   - onTerminal: whether what it runs is for the person at our terminal,
    ///     if there is one.
    func run(
        _ arguments: [String], in namespace: FileDescriptor, onTerminal: Bool
    ) throws -> End {
        let terminal = onTerminal ? try PseudoTerminal.likeOurs() : nil
        // Not blocking: a child that bwrap left behind may hold the other end.
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
                    // It leaves that descriptor open for the command, but
                    // closes the one it was to wait for, in vain here.
                    + ["--block-fd", String(Self.namespaceDescriptor)]
                    // Without a session of its own it would have our terminal.
                    + (onTerminal && terminal == nil ? ["--new-session"] : []) + arguments,
                status: writing, namespace: namespace, terminal: terminal)
        }
        let (isStopped, signal) = try wait(for: bubblewrap, terminal)
        terminal?.finish()
        let report = BubblewrapStatus(SmallFile.text(of: reading))
        if !isStopped, let exitStatus = report.exitStatus {
            // The kernel lets the first process of the namespace go only when
            // all others of it are gone. Zero: it is ours and alive, so the
            // pid cannot be another's.
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

    /// Ignores SIGINT and SIGQUIT, which a terminal sends to bwrap as well.
    ///
    /// - Returns: whether we have ended it, and the signal that did if one has.
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

    /// Ends what bwrap left behind when it was killed or gave up. A child that
    /// was to be told to begin waits for that for ever, and bwrap had not even
    /// said its number: so it is found as what it is, a child of ours.
    private static func endAll() {
        repeat {
            for child in children() { kill(child, SIGKILL) }
        } while waitpid(-1, nil, 0) > 0 || errno == EINTR
    }

    private static func reapAll() {
        while waitpid(-1, nil, 0) > 0 || errno == EINTR {}
    }

    /// By their parents: `/proc/<pid>/task/<tid>/children` is not in every
    /// kernel.
    private static func children() -> [pid_t] {
        let names = (try? Directory.names(in: "/proc")) ?? []
        return names.compactMap { name in
            guard let process = pid_t(name),
                let stat = SmallFile.text(of: FilePath("/proc/\(name)/stat"))
            else { return nil }
            // The name of the program comes in between, in parentheses, and
            // may hold anything; see proc(5).
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
        // Neither may take the place of the other before that is copied.
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
            // The first terminal that the leader of a session opens is the
            // session's (tty_ioctl(4)).
            flags |= Int16(ZENTOO_SPAWN_SETSID)
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
            if terminal?.takesErrors == true {
                posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
            }
        }
        // What we block or ignore must not be inherited by the command.
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

/// What bwrap(1) wrote to `--json-status-fd`: a document when the namespace
/// is made, and another when a command that was really started has ended.
struct BubblewrapStatus: Hashable {
    /// The first process of the namespace.
    let initProcess: pid_t?
    /// How the command ended; nil when it was never started.
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
