/// The progress of an activity: what the live line shows, without the drawing.
struct ProgressState: Sendable, Hashable {
    /// The whole activity: `building amd64-base-default-router`.
    var activity: String
    /// The position of the current item among all, counted from 1.
    var position: Position?
    /// The current item: `dev-libs/openssl-3.3.1`.
    var subject: String?
    /// The current phase of the item: `compile`.
    var phase: String?
    /// The estimated duration of the activity, if earlier records allow an
    /// estimate.
    var estimate: Duration?

    /// The position of an item among several.
    struct Position: Sendable, Hashable {
        let index: Int
        let count: Int
    }

    init(activity: String) {
        self.activity = activity
    }

    /// Returns the live line, never wider than `columns`:
    /// `[ 3/17] dev-libs/openssl-3.3.1: compile  1:02 of about 5:00`.
    /// Words are cut before the time is left out.
    func liveLine(elapsed: Duration, columns: Int) -> String {
        var time = Self.clock(elapsed)
        if let estimate { time += " of about \(Self.clock(estimate))" }
        let words = plainLine + (phase.map { ": \($0)" } ?? "")
        // The last column stays free: some terminals wrap when it is written.
        let room = columns - 1 - 2 - DisplayWidth.of(time)
        guard room >= 8 else { return DisplayWidth.truncated(words, to: max(0, columns - 1)) }
        return "\(DisplayWidth.truncated(words, to: room))  \(time)"
    }

    /// The line for a log, written once for each subject: no time and no phase.
    var plainLine: String {
        var words = subject ?? activity
        if let position {
            let count = String(position.count)
            let index = String(position.index)
            let padding = String(repeating: " ", count: max(0, count.count - index.count))
            words = "[\(padding)\(index)/\(count)] \(words)"
        }
        return words
    }

    /// `0:05`, `12:34`, `1:02:03`.
    static func clock(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        let tail = two(seconds % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(tail)" : "\(minutes):\(tail)"
    }

    private static func two(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
