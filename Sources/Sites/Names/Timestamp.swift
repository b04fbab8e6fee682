internal import Glibc

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Milliseconds since the epoch.
    package let milliseconds: Int64

    /// Creates a timestamp from milliseconds since the epoch.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Creates a timestamp from seconds since the epoch.
    package init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// The current time of the system's clock.
    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Whole seconds since the epoch, rounded down.
    package var seconds: Int64 { (milliseconds - fraction) / 1000 }

    /// The milliseconds within the second, 0 to 999.
    package var fraction: Int64 { ((milliseconds % 1000) + 1000) % 1000 }

    /// The date and time in UTC.
    package var parts: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        var time = time_t(seconds)
        var broken = tm()
        gmtime_r(&time, &broken)
        return (
            Int(broken.tm_year) + 1900, Int(broken.tm_mon) + 1, Int(broken.tm_mday),
            Int(broken.tm_hour), Int(broken.tm_min), Int(broken.tm_sec)
        )
    }

    /// Returns a number with leading zeros.
    package static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// `2026-11-23T22:18:30Z`.
    package var description: String {
        let (year, month, day, hour, minute, second) = parts
        let date = [Self.padded(year, 4), Self.padded(month, 2), Self.padded(day, 2)]
        let time = [hour, minute, second].map { Self.padded($0, 2) }
        return date.joined(separator: "-") + "T" + time.joined(separator: ":") + "Z"
    }

    /// Orders earlier times first.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
