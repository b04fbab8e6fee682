internal import Git

/// What a build is known by once it is recorded.
package struct RecordedBuild: Sendable, Hashable, Codable {
    /// Its own name.
    package let build: BuildID
    /// What it was a build of.
    package let series: BuildSeries
    /// Its number in the series; nil when it was no success.
    package let number: Int?

    /// A build as it was recorded.
    package init(build: BuildID, series: BuildSeries, number: Int?) {
        self.build = build
        self.series = series
        self.number = number
    }

    /// The tag, without `refs/tags/`; nil when it was no success.
    package var tagName: String? { number.map { series.tagName($0) } }
}
