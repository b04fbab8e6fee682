package import Sites

/// The order of builds by age.
///
/// Build ids define it as long as their clocks were right: a build that started
/// more than a day after the reader's current time was named by a wrong clock.
/// It counts as older than every other build, so that one such clock neither
/// hides later builds nor shifts their times.
package struct BuildOrder: Sendable {
    /// How far another machine's clock may be ahead of the reader's.
    static let tolerance = Timestamp(seconds: 24 * 60 * 60)

    private let limit: Timestamp

    /// - Parameter now: the reader's current time.
    package init(now: Timestamp = .now) {
        limit = Timestamp(milliseconds: now.milliseconds + Self.tolerance.milliseconds)
    }

    /// Returns whether the build was named by a wrong clock.
    package func isFromTheFuture(_ build: BuildID) -> Bool {
        build.started > limit
    }

    /// Returns whether `one` is older than `other`, for sorting.
    package func isOlder(_ one: BuildID, _ other: BuildID) -> Bool {
        switch (isFromTheFuture(one), isFromTheFuture(other)) {
        case (true, false): true
        case (false, true): false
        default: one < other
        }
    }

    /// Returns ids that are sorted by their text with the newest build first.
    func newestFirst(_ sorted: [BuildID]) -> [BuildID] {
        let believed = sorted.lastIndex { !isFromTheFuture($0) }.map { sorted[...$0] } ?? []
        return believed.reversed() + sorted[believed.endIndex...].reversed()
    }
}
