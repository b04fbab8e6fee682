@testable import Sites
import Testing

/// The format of timestamps in machine-readable output.
struct TimestampTests {
    @Test(
        arguments: [
            (1_795_472_310_123, "2026-11-23T22:18:30.123Z"),
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func timestampIsISO8601InUTC(milliseconds: Int64, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(moment.precise == text)
        #expect(Timestamp(precise: text) == moment)
    }

    @Test(
        arguments: [
            "", "now", "2026-11-23", "2026-11-23T22:18:30Z", "2026-11-23T22:18:30.12Z",
            "2026-11-23T22:18:30.123+01:00", "2026-02-30T00:00:00.000Z",
            "2026-11-23 22:18:30.123Z", "99999999999-11-23T22:18:30.123Z",
        ])
    func otherFormatsAreRefused(text: String) {
        #expect(Timestamp(precise: text) == nil)
    }
}
