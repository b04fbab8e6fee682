package import Builds

/// An event of a worker, which the caller shows, logs and passes on.
package enum WorkerEvent: Sendable {
    /// Pushes were found whose hooks had died.
    case found([QueueFeeder.Outcome])
    /// A dead worker's entry was queued again.
    case freed(QueueEntry)
    /// An entry is being built.
    case began(QueueEntry)
    /// An event of its build.
    case build(QueueEntry, BuildEvent)
    /// An entry has ended.
    case ended(WorkerEnding)
    /// The queue could not be read or written; it is tried again.
    case obstacle(String)
    /// The worker ends and leaves these entries, `<site>/<tuple>`, waiting.
    case left([String], pause: QueuePause?)
    /// The worker has checked the queue; sent often.
    case state(running: [String], waiting: Int, pause: QueuePause?)
}

/// The result of an entry, as passed to notification commands.
package struct WorkerEnding: Sendable, Hashable, Codable {
    /// The possible results.
    package enum Kind: String, Sendable, Hashable, Codable {
        /// It was built, now or before.
        case built
        /// It failed, and is not tried again until an input changes.
        case failed
        /// It failed for a temporary reason and was queued again.
        case postponed
        /// The worker was stopped; the entry was queued again.
        case requeued
        /// It was cancelled.
        case cancelled
        /// It was stopped for a newer commit of its tuple.
        case superseded
    }

    /// The entry.
    package let entry: QueueEntry
    /// The result.
    package let kind: Kind
    /// The report of the build, if it was started.
    package var report: TupleReport?
    /// The reason of a failure, in one line.
    package var reason: String?
    /// The hints on the failure.
    package var hints: [String] = []
}
