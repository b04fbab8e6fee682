package import Sites

/// Which of two builds is the newer one.
///
/// The ids tell, as far as the clocks they were taken from can be believed: a
/// build that began more than a day after the reader's present was named by a
/// clock that was wrong. It counts as older than every other build, so that one
/// such clock neither hides the builds that follow nor moves their times.
package struct BuildOrder: Sendable {
    /// How far ahead of the reader's clock the clock of another machine may be.
    static let tolerance = Timestamp(seconds: 24 * 60 * 60)

    private let limit: Timestamp

    /// - Parameter now: the reader's present.
    package init(now: Timestamp = .now) {
        limit = Timestamp(milliseconds: now.milliseconds + Self.tolerance.milliseconds)
    }

    /// Whether the build was named by a clock that was wrong.
    package func isFromTheFuture(_ build: BuildID) -> Bool {
        build.started > limit
    }

    /// Whether `one` is older than `other`, for sorting.
    package func isOlder(_ one: BuildID, _ other: BuildID) -> Bool {
        switch (isFromTheFuture(one), isFromTheFuture(other)) {
        case (true, false): true
        case (false, true): false
        default: one < other
        }
    }

    /// Names, sorted by their texts, with the newest build first.
    func newestFirst(_ sorted: [BuildID]) -> [BuildID] {
        let believed = sorted.lastIndex { !isFromTheFuture($0) }.map { sorted[...$0] } ?? []
        return believed.reversed() + sorted[believed.endIndex...].reversed()
    }
}
