internal import Sites

/// The age of something, in git's own words and steps (`show_date_relative` in
/// git's date.c).
enum RelativeTime {
    /// Returns the age of `moment`: `2 hours ago`.
    static func text(_ moment: Timestamp, now: Timestamp) -> String {
        let seconds = now.seconds - moment.seconds
        if seconds < 0 { return "in the future" }
        if seconds < 90 { return ago(seconds, "second") }
        let minutes = (seconds + 30) / 60
        if minutes < 90 { return ago(minutes, "minute") }
        let hours = (minutes + 30) / 60
        if hours < 36 { return ago(hours, "hour") }
        let days = (hours + 12) / 24
        if days < 14 { return ago(days, "day") }
        if days < 70 { return ago((days + 3) / 7, "week") }
        return days < 365 ? ago((days + 15) / 30, "month") : ago((days + 183) / 365, "year")
    }

    private static func ago(_ amount: Int64, _ unit: String) -> String {
        "\(amount) \(unit)\(amount == 1 ? "" : "s") ago"
    }
}
