internal import Glibc
package import Sites

/// The identifier of a build, unique among all builds of all machines:
/// `20261123T221830.123Z-k3v9q2d7xw`.
///
/// It consists of the start time of the build in UTC, in milliseconds, and ten
/// random characters of Crockford's base 32 (50 bits), so that the texts sort
/// by time and machines need no coordination.
package struct BuildID: TextValue {
    /// The id as written in records, logs and tags.
    package let description: String
    /// The start time of the build.
    package let started: Timestamp

    /// The length of every id in bytes.
    package static let length = 31

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let randomCount = 10

    /// Parses an id; nil when it is not one.
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
        // timegm(3) normalizes invalid dates (30 February becomes 2 March);
        // only a valid one is left unchanged.
        guard moment.tm_year == written.tm_year, moment.tm_mon == written.tm_mon,
            moment.tm_mday == written.tm_mday, moment.tm_hour == written.tm_hour,
            moment.tm_min == written.tm_min, moment.tm_sec == written.tm_sec
        else { return nil }
        self.description = description
        started = Timestamp(milliseconds: Int64(seconds) * 1000 + Int64(millisecond))
    }

    /// Returns whether both are the same text, which names the start time.
    package static func == (left: BuildID, right: BuildID) -> Bool {
        left.description == right.description
    }

    /// Hashes the text.
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    private init(_ started: Timestamp, random: [UInt8]) {
        self.started = started
        description = Self.text(started) + "-" + String(decoding: random, as: UTF8.self)
    }

    /// Returns an id for a build that starts at `now`.
    package static func make(
        now: Timestamp = .now, using generator: inout some RandomNumberGenerator
    ) -> BuildID {
        let random = (0..<randomCount).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        return BuildID(now, random: random)
    }

    /// Returns an id for a build that starts at `now`, with the system's random
    /// number generator.
    package static func make(now: Timestamp = .now) -> BuildID {
        var generator = SystemRandomNumberGenerator()
        return make(now: now, using: &generator)
    }

    /// Returns an id for a build that starts now, but later than that of
    /// another one, so that the newest build sorts last even after a clock was
    /// set back. A build from the future (``BuildOrder``) is ignored.
    package static func make(after other: BuildID?, now: Timestamp = .now) -> BuildID {
        guard let other, other.started >= now, !BuildOrder(now: now).isFromTheFuture(other)
        else { return make(now: now) }
        let build = make(now: Timestamp(milliseconds: other.started.milliseconds + 1))
        // After the year 9999 an id would be too long.
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
