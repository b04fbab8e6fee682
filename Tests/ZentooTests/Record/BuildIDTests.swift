@testable import Records
@testable import Sites
import Testing

/// The ids of builds.
struct BuildIDTests {
    /// 2026-11-23T22:18:30.123Z.
    private static let moment = Timestamp(milliseconds: 1_795_472_310_123)

    @Test func idHasTimeAndRandomPart() throws {
        var generator = SplitMix(state: 1)
        let build = BuildID.make(now: Self.moment, using: &generator)
        #expect(build.description.hasPrefix("20261123T221830.123Z-"))
        #expect(build.description.utf8.count == BuildID.length)
        #expect(BuildID(build.description) == build)
        #expect(BuildID(build.description)?.started == Self.moment)
        #expect(BuildID.make(now: Self.moment, using: &generator) != build)
    }

    @Test func idsSortByTime() {
        let moments: [Int64] = [0, 999, 1000, 1_795_472_310_122, 1_795_472_310_123]
        let builds = moments.map { BuildID.make(now: Timestamp(milliseconds: $0)) }
        #expect(builds.shuffled().sorted() == builds)
    }

    @Test func idFollowsAnotherDespiteClockSetBack() {
        let other = BuildID.make(now: Self.moment)
        let later = Timestamp(milliseconds: Self.moment.milliseconds + 5)
        let earlier = Timestamp(milliseconds: Self.moment.milliseconds - 3_600_000)
        #expect(BuildID.make(after: other, now: later).started == later)
        for now in [earlier, Self.moment] {
            let build = BuildID.make(after: other, now: now)
            #expect(build > other)
            #expect(build.started.milliseconds == Self.moment.milliseconds + 1)
        }
        #expect(BuildID.make(after: nil, now: earlier).started == earlier)
        // No time after the last millisecond can be written.
        let last = BuildID.make(now: Timestamp(milliseconds: 253_402_300_799_999))
        #expect(BuildID.make(after: last, now: earlier).started == earlier)
    }

    @Test func idDoesNotFollowBuildFromTheFuture() {
        let now = Self.moment
        let year = Timestamp(milliseconds: now.milliseconds + 365 * 86_400_000)
        let other = BuildID.make(now: year)
        #expect(BuildID.make(after: other, now: now).started == now)
    }

    @Test(
        arguments: [
            "", "20261123T221830.123Z-", "20261123T221830.123Z-k3v9q2d7x",
            "20261123T221830.123Z-k3v9q2d7xw0", "20261123T221830.123Z-k3v9q2d7xu",
            "20261123T221830.123Z-K3V9Q2D7XW", "20260230T221830.123Z-k3v9q2d7xw",
            "20261123T241830.123Z-k3v9q2d7xw", "20261123T226030.123Z-k3v9q2d7xw",
            "2026112 T221830.123Z-k3v9q2d7xw", "20261123t221830.123z-k3v9q2d7xw",
        ])
    func invalidIDIsRefused(_ text: String) {
        #expect(BuildID(text) == nil)
    }

    @Test func timestampsAreFormatted() {
        #expect(Self.moment.description == "2026-11-23T22:18:30Z")
        #expect(Self.moment.seconds == 1_795_472_310)
        #expect(Timestamp(milliseconds: -1).seconds == -1)
        #expect(Timestamp(milliseconds: -1).description == "1969-12-31T23:59:59Z")
    }
}

/// A deterministic random number generator: splitmix64.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
