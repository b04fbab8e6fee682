internal import Git

/// What a build is known by once it is recorded.
public struct RecordedBuild: Sendable, Hashable, Codable {
    /// Its own name.
    public let build: BuildID
    /// What it was a build of.
    public let series: BuildSeries
    /// Its number in the series; nil when it was no success.
    public let number: Int?

    /// The tag, without `refs/tags/`; nil when it was no success.
    public var tagName: String? { number.map { series.tagName($0) } }
}
