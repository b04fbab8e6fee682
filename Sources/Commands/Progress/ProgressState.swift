/// How far something is: what the live line shows, without the drawing.
struct ProgressState: Sendable, Hashable {
    /// What is going on in all: `building amd64-base-default-router`.
    var activity: String
    /// Which of how many is under way, counted from 1.
    var position: Position?
    /// What is under way: `dev-libs/openssl-3.3.1`.
    var subject: String?
    /// What is done to it: `compile`.
    var phase: String?
    /// How long all of it takes, if earlier records tell.
    var estimate: Duration?

    /// One of several.
    struct Position: Sendable, Hashable {
        let index: Int
        let count: Int
    }

    init(activity: String) {
        self.activity = activity
    }

    /// The live line: `[ 3/17] dev-libs/openssl-3.3.1: compile  1:02 of about 5:00`,
    /// never wider than `columns`. Time stays in sight, words are cut.
    func liveLine(elapsed: Duration, columns: Int) -> String {
        var time = Self.clock(elapsed)
        if let estimate { time += " of about \(Self.clock(estimate))" }
        let words = plainLine + (phase.map { ": \($0)" } ?? "")
        // The last column stays free: some terminals wrap when it is written.
        let room = columns - 1 - 2 - DisplayWidth.of(time)
        guard room >= 8 else { return DisplayWidth.truncated(words, to: max(0, columns - 1)) }
        return "\(DisplayWidth.truncated(words, to: room))  \(time)"
    }

    /// The line for a log, said once for each subject: no time and no phase.
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
