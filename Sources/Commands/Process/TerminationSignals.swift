#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import Dispatch
internal import Synchronization

/// The signals of Ctrl-C, `kill` and a closed terminal as an asynchronous
/// stream.
///
/// The first signal is only reported, so that the command can end in order; a
/// second one ends the process at once. git, which waits for this process in
/// the foreground, forwards the signals it receives: a signal within half a
/// second of the first is such a duplicate and is ignored.
enum TerminationSignals {
    /// Starts watching. Called once.
    static func watch() -> AsyncStream<Int32> {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return AsyncStream { $0.finish() } }
        let (reading, writing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wakeUp.store(writing, ordering: .relaxed)
        firstTime.store(0, ordering: .relaxed)
        for signal in [SIGINT, SIGTERM, SIGHUP] { watch(signal) }
        return AsyncStream { continuation in
            // A handler may only write to a descriptor. The blocking read of it
            // needs a thread, and therefore a dispatch queue, of its own: tasks
            // run on the threads of the global queues and need all of them.
            DispatchQueue(label: "signals").async {
                var signal: UInt8 = 0
                while read(reading, &signal, 1) == 1 { continuation.yield(Int32(signal)) }
                continuation.finish()
            }
        }
    }

    private static func watch(_ number: Int32) {
        var action = sigaction()
        // nohup(1) ignores SIGHUP, and it must stay ignored.
        guard sigaction(number, nil, &action) == 0, !isIgnored(action) else { return }
        action = sigaction()
        action.__sigaction_handler.sa_handler = { TerminationSignals.received($0) }
        // Without SA_RESTART, a read of the repository's files could fail with
        // EINTR.
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static let wakeUp = Atomic<Int32>(-1)
    private static let firstTime = Atomic<Int64>(0)

    /// The meaning of a signal.
    enum Meaning: Sendable, Hashable {
        /// The first signal: the command should end in order.
        case request
        /// The first signal again, forwarded by git.
        case echo
        /// Another signal: the user wants the command to end now.
        case insistence
    }

    /// Returns the meaning of a signal at `now` if the first came at `first`,
    /// in nanoseconds of any clock; `first` is 0 if there was none.
    static func meaning(at now: Int64, first: Int64) -> Meaning {
        if first == 0 { return .request }
        return now - first > 500_000_000 ? .insistence : .echo
    }

    /// The handler, which makes only calls that signal-safety(7) allows.
    private static func received(_ number: Int32) {
        let saved = errno
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        switch meaning(at: now, first: firstTime.load(ordering: .relaxed)) {
        case .request:
            firstTime.store(now, ordering: .relaxed)
            var byte = UInt8(truncatingIfNeeded: number)
            write(wakeUp.load(ordering: .relaxed), &byte, 1)
        case .echo:
            break
        case .insistence:
            signal(number, SIG_DFL)
            raise(number)
        }
        errno = saved
    }
}
