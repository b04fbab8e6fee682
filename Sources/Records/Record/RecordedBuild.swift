internal import Git

/// The identity of a recorded build.
package struct RecordedBuild: Sendable, Hashable, Codable {
    /// The build's id.
    package let build: BuildID
    /// The series of the build.
    package let series: BuildSeries
    /// The number in the series; nil unless the build succeeded.
    package let number: Int?

    /// Creates the identity of a recorded build.
    package init(build: BuildID, series: BuildSeries, number: Int?) {
        self.build = build
        self.series = series
        self.number = number
    }

    /// The tag, without `refs/tags/`; nil unless the build succeeded.
    package var tagName: String? { number.map { series.tagName($0) } }
}
