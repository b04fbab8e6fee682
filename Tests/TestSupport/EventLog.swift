public import Engines
internal import Synchronization

/// The events of a job in order; it can be read while the job runs.
public final class EventLog: Sendable {
    private let events = Mutex<[JobEvent]>([])

    /// Creates an empty log.
    public init() {}

    /// Appends the next event.
    public func append(_ event: JobEvent) { events.withLock { $0.append(event) } }

    /// All events so far.
    public var all: [JobEvent] { events.withLock { $0 } }

    /// The output lines of the steps.
    public var lines: [[UInt8]] {
        all.compactMap { if case .line(_, let bytes) = $0 { bytes } else { nil } }
    }

    /// The output lines of the steps, as text.
    public var text: [String] { lines.map { String(decoding: $0, as: UTF8.self) } }

    /// The notices of the engine.
    public var notices: [JobNotice] {
        all.compactMap { if case .notice(let notice) = $0 { notice } else { nil } }
    }

    /// The machines on which the job was placed, in order.
    public var places: [String] {
        notices.compactMap { if case .placed(let machine) = $0 { machine } else { nil } }
    }
}
