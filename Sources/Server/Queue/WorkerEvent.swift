package import Builds

/// What a worker does; shown, logged and told by whoever runs it.
package enum WorkerEvent: Sendable {
    /// Pushes were found whose hooks had died.
    case found([QueueFeeder.Outcome])
    /// A dead worker's entry waits again.
    case freed(QueueEntry)
    /// An entry is being built.
    case began(QueueEntry)
    /// Something happens to it.
    case build(QueueEntry, BuildEvent)
    /// It has ended.
    case ended(WorkerEnding)
    /// The queue could not be read or written; it is tried again.
    case obstacle(String)
    /// A worker that ends leaves these, `<site>/<tuple>`, waiting.
    case left([String], pause: QueuePause?)
    /// The worker has looked at the queue; told often.
    case state(running: [String], waiting: Int, pause: QueuePause?)
}

/// How an entry ended: what notification commands are given.
package struct WorkerEnding: Sendable, Hashable, Codable {
    /// The ways to end.
    package enum Kind: String, Sendable, Hashable, Codable {
        /// It is built, now or before.
        case built
        /// It is not, and will not be until an input changes.
        case failed
        /// Something that may pass by itself was in the way; it waits again.
        case postponed
        /// The worker was told to stop; it waits again.
        case requeued
        /// Somebody cancelled it.
        case cancelled
        /// It was stopped for a newer commit of its tuple.
        case superseded
    }

    /// What was to be built.
    package let entry: QueueEntry
    /// How it ended.
    package let kind: Kind
    /// What was made of it, where it was begun.
    package var report: TupleReport?
    /// What went wrong, in a line.
    package var reason: String?
    /// What can be done about it.
    package var hints: [String] = []
}
