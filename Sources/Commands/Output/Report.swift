/// A command's result in two formats: a page for people and, through
/// `Encodable`, JSON for programs.
protocol Report: Encodable {
    /// The result as shown to people.
    var page: Page { get }
}

/// The format in which a result is shown.
enum ReportFormat: Sendable, Hashable {
    case text
    case json
}
