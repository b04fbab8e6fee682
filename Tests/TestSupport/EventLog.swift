public import Engines
internal import Synchronization

/// All that happened to a job, in order, to be looked at while it runs.
public final class EventLog: Sendable {
    private let events = Mutex<[JobEvent]>([])

    /// A log in which nothing has happened.
    public init() {}

    /// Takes the next event.
    public func append(_ event: JobEvent) { events.withLock { $0.append(event) } }

    /// All events until now.
    public var all: [JobEvent] { events.withLock { $0 } }

    /// What the steps said.
    public var lines: [[UInt8]] {
        all.compactMap { if case .line(_, let bytes) = $0 { bytes } else { nil } }
    }

    /// What the steps said, as text.
    public var text: [String] { lines.map { String(decoding: $0, as: UTF8.self) } }

    /// What the engine said.
    public var notices: [JobNotice] {
        all.compactMap { if case .notice(let notice) = $0 { notice } else { nil } }
    }

    /// The machines that the job was placed on, in order.
    public var places: [String] {
        notices.compactMap { if case .placed(let machine) = $0 { machine } else { nil } }
    }
}
