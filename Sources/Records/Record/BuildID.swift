internal import Glibc
package import Sites

/// The name of one build, unique among all builds of all machines:
/// `20261123T221830.123Z-k3v9q2d7xw`.
///
/// The moment the build began, in UTC and to the millisecond, and ten random
/// characters of Crockford's base 32 (50 bits), so that the texts sort by time
/// and two machines need not ask each other.
package struct BuildID: TextValue {
    /// The name as written in records, logs and tags.
    package let description: String
    /// When the build began.
    package let started: Timestamp

    /// How many bytes every name has.
    package static let length = 31

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let randomCount = 10

    /// Reads a name; nil when it is not one.
    package init?(_ description: String) {
        let bytes = Array(description.utf8)
        guard bytes.count == Self.length, bytes[8] == UInt8(ascii: "T"),
            bytes[15] == UInt8(ascii: "."), bytes[19] == UInt8(ascii: "Z"),
            bytes[20] == UInt8(ascii: "-"), bytes[21...].allSatisfy(Self.alphabet.contains),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[4..<6]),
            let day = Self.number(bytes[6..<8]), let hour = Self.number(bytes[9..<11]),
            let minute = Self.number(bytes[11..<13]), let second = Self.number(bytes[13..<15]),
            let millisecond = Self.number(bytes[16..<19])
        else { return nil }
        var moment = tm()
        moment.tm_year = Int32(year - 1900)
        moment.tm_mon = Int32(month - 1)
        moment.tm_mday = Int32(day)
        moment.tm_hour = Int32(hour)
        moment.tm_min = Int32(minute)
        moment.tm_sec = Int32(second)
        let written = moment
        let seconds = timegm(&moment)
        // timegm makes a date of anything (30 February is 2 March): only a true
        // one is left as it was.
        guard moment.tm_year == written.tm_year, moment.tm_mon == written.tm_mon,
            moment.tm_mday == written.tm_mday, moment.tm_hour == written.tm_hour,
            moment.tm_min == written.tm_min, moment.tm_sec == written.tm_sec
        else { return nil }
        self.description = description
        started = Timestamp(milliseconds: Int64(seconds) * 1000 + Int64(millisecond))
    }

    private init(_ started: Timestamp, random: [UInt8]) {
        self.started = started
        description = Self.text(started) + "-" + String(decoding: random, as: UTF8.self)
    }

    /// Names a build that begins at `now`.
    package static func make(
        now: Timestamp = .now, using generator: inout some RandomNumberGenerator
    ) -> BuildID {
        let random = (0..<randomCount).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        return BuildID(now, random: random)
    }

    /// Names a build that begins at `now`, by the system's own randomness.
    package static func make(now: Timestamp = .now) -> BuildID {
        var generator = SystemRandomNumberGenerator()
        return make(now: now, using: &generator)
    }

    /// Names a build that begins now, but after another one: a clock that was
    /// set back must not make the newest build an old one. A build from the
    /// future is not followed there (``BuildOrder``).
    package static func make(after other: BuildID?, now: Timestamp = .now) -> BuildID {
        guard let other, other.started >= now, !BuildOrder(now: now).isFromTheFuture(other)
        else { return make(now: now) }
        let build = make(now: Timestamp(milliseconds: other.started.milliseconds + 1))
        // The end of time, which no honest clock has reached.
        return build.description.utf8.count == length ? build : make(now: now)
    }

    private static func text(_ moment: Timestamp) -> String {
        let (year, month, day, hour, minute, second) = moment.parts
        let date =
            Timestamp.padded(year, 4) + Timestamp.padded(month, 2) + Timestamp.padded(day, 2)
        let time = [hour, minute, second].map { Timestamp.padded($0, 2) }.joined()
        return "\(date)T\(time).\(Timestamp.padded(Int(moment.fraction), 3))Z"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
