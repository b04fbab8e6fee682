internal import Server

/// The progress of a push's builds, shown to the pusher.
struct PushWait {
    let output: Output
    /// Whether only one tuple was queued, so that log lines need no tuple name.
    let isOne: Bool

    /// Shows one event.
    ///
    /// - Returns: false if the output is no longer read.
    func tell(_ news: QueueFollower.News) -> Bool {
        switch news {
        case .noWorker:
            output.warning("no worker is running here")
            output.hint("on the server: systemctl start git-zentoo-worker, or git zentoo worker")
        case .paused(let pause):
            output.warning(
                "the queue was paused by '\(pause.by)'\(pause.reason.map { ": \($0)" } ?? "")")
            output.hint("what was pushed is built when it goes on")
        case .began(let key, let worker):
            output.status("\(key, .name): building on \(worker)")
        case .line(let key, let bytes):
            let line = String(decoding: bytes, as: UTF8.self)
            output.status(isOne ? "\(line)" : "\(key): \(line)")
        case .built(let key, let tag):
            output.status("\(key, .name): \("built", .good)\(tag.map { ", \($0)" } ?? "")")
        case .failed(let key, let reason, let hints, let log):
            output.status("\(key, .name): \("failed", .bad): \(reason)")
            for hint in hints { output.hint("\(hint)") }
            if let log { output.status("  the whole log, on the server: zstdless \(log)") }
        case .postponed(let key, let reason):
            output.status("\(key, .name): \(reason); it is tried again later")
        case .superseded(let key, let pusher):
            output.status("\(key, .name): a newer push by \(pusher) took its place")
        case .cancelled(let key):
            output.status("\(key, .name): cancelled")
        }
        return output.isHeard
    }
}
