@testable import Builds
import Synchronization
import Testing

/// How long a build worked.
struct StopwatchTests {
    /// A clock that only advances when told to.
    private final class TestClock: Sendable {
        private let time = Mutex(ContinuousClock.now)

        var now: ContinuousClock.Instant { time.withLock { $0 } }

        func advance(by seconds: Int) {
            time.withLock { $0 = $0.advanced(by: .seconds(seconds)) }
        }
    }

    @Test func pausesAreNotCounted() async {
        let clock = TestClock()
        var stopwatch = Stopwatch { clock.now }
        clock.advance(by: 3)
        let result = await stopwatch.pausing {
            clock.advance(by: 600)
            return "locked"
        }
        clock.advance(by: 4)
        #expect(result == "locked")
        #expect(stopwatch.seconds == 7)
    }
}
