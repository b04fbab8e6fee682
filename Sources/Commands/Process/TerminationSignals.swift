#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import Dispatch
internal import Synchronization

/// Ctrl-C, `kill` and a closed terminal, as values.
///
/// The first such signal is only reported, so that what is under way can be
/// ended in order; a second one ends the process at once. git, waiting for us
/// in front of the terminal, passes the signal it got itself on to us: what
/// comes within a moment of the first is that echo, no second thought.
enum TerminationSignals {
    /// Begins to watch; called once.
    static func watch() -> AsyncStream<Int32> {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return AsyncStream { $0.finish() } }
        let (reading, writing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wakeUp.store(writing, ordering: .relaxed)
        firstTime.store(0, ordering: .relaxed)
        for signal in [SIGINT, SIGTERM, SIGHUP] { watch(signal) }
        return AsyncStream { continuation in
            // A handler may only write to a descriptor. Whoever sleeps until
            // then needs a thread of his own, which a queue of his own gives:
            // tasks run on the threads of the global ones and need them all.
            DispatchQueue(label: "signals").async {
                var signal: UInt8 = 0
                while read(reading, &signal, 1) == 1 { continuation.yield(Int32(signal)) }
                continuation.finish()
            }
        }
    }

    private static func watch(_ number: Int32) {
        var action = sigaction()
        // nohup(1) has SIGHUP ignored, and so it stays.
        guard sigaction(number, nil, &action) == 0, !isIgnored(action) else { return }
        action = sigaction()
        action.__sigaction_handler.sa_handler = { TerminationSignals.received($0) }
        // Restarted, a read in the midst of git's files does not fail.
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static let wakeUp = Atomic<Int32>(-1)
    private static let firstTime = Atomic<Int64>(0)

    /// What a signal means.
    enum Meaning: Sendable, Hashable {
        /// It is the first: end what is under way in order.
        case request
        /// It is the first one again, passed on by git.
        case echo
        /// The user wants it to end now.
        case insistence
    }

    /// What a signal at `now` means when the first came at `first`, in
    /// nanoseconds of any clock; 0 when there was none.
    static func meaning(at now: Int64, first: Int64) -> Meaning {
        if first == 0 { return .request }
        return now - first > 500_000_000 ? .insistence : .echo
    }

    /// The handler: nothing but calls that signal-safety(7) allows.
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
