internal import Zentoo

/// How long ago something was, in git's own words and steps
/// (`show_date_relative` in git's date.c).
enum RelativeTime {
    /// `2 hours ago`.
    static func text(_ moment: Timestamp, now: Timestamp) -> String {
        var amount = now.seconds - moment.seconds
        if amount < 0 { return "in the future" }
        let steps: [(unit: String, limit: Int64, next: Int64)] = [
            ("second", 90, 60), ("minute", 90, 60), ("hour", 36, 24), ("day", 14, 7),
            ("week", 10, 4),
        ]
        for step in steps {
            if amount < step.limit { return ago(amount, step.unit) }
            // Days lead to weeks, and weeks to months of thirty days.
            amount = step.unit == "week" ? amount * 7 / 30 : (amount + step.next / 2) / step.next
        }
        return amount < 24 ? ago(amount, "month") : ago(amount / 12, "year")
    }

    private static func ago(_ amount: Int64, _ unit: String) -> String {
        "\(amount) \(unit)\(amount == 1 ? "" : "s") ago"
    }
}
