/// A command's result, with its two faces: a page for people and, through
/// `Encodable`, JSON for programs.
protocol Report: Encodable {
    /// What a person sees.
    var page: Page { get }
}

/// In which face a result is shown.
enum ReportFormat: Sendable, Hashable {
    case text
    case json
}
