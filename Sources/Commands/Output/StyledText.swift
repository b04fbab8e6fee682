/// Text whose parts carry a meaning that a terminal shows as colour.
///
/// Created by interpolation: `"\(name, .name) is \("stale", .notice)"`.
/// Interpolated values come from repositories and build logs, so control
/// characters in them are shown as `?`: a package name cannot move the cursor.
struct StyledText: Sendable, Hashable {
    /// The meaning of a part; git uses the same colours for the same meanings.
    enum Style: Sendable, Hashable {
        case plain
        /// A heading or the total.
        case strong
        /// Less important than the text beside it.
        case faint
        /// A success.
        case good
        /// A failure.
        case bad
        /// Something that needs attention.
        case notice
        /// A commit, tag or build.
        case name

        fileprivate var escape: String? {
            switch self {
            case .plain: nil
            case .strong: "\u{1B}[1m"
            case .faint: "\u{1B}[2m"
            case .good: "\u{1B}[32m"
            case .bad: "\u{1B}[31m"
            case .notice: "\u{1B}[36m"
            case .name: "\u{1B}[33m"
            }
        }
    }

    /// A part that is not plain, by its bytes in the text.
    private struct Span: Sendable, Hashable {
        var range: Range<Int>
        var escape: String
    }

    // One text, and parts only where there is a colour: most cells of a table
    // are plain.
    private var text = ""
    private var spans: [Span] = []

    init(_ text: String, _ style: Style = .plain) {
        append(text, style)
    }

    /// The number of terminal columns that it takes.
    var width: Int { DisplayWidth.of(text) }

    /// Returns the text, with escape sequences if `colored`.
    func rendered(colored: Bool) -> String {
        guard colored, !spans.isEmpty else { return text }
        var rendered = ""
        var end = 0
        for span in spans {
            rendered += part(end..<span.range.lowerBound)
            rendered += "\(span.escape)\(part(span.range))\u{1B}[m"
            end = span.range.upperBound
        }
        return rendered + part(end..<text.utf8.count)
    }

    private func part(_ range: Range<Int>) -> Substring {
        Substring(text.utf8.dropFirst(range.lowerBound).prefix(range.count))
    }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        var sum = left
        let start = left.text.utf8.count
        sum.text += right.text
        sum.spans += right.spans.map { span in
            Span(
                range: span.range.lowerBound + start..<span.range.upperBound + start,
                escape: span.escape)
        }
        return sum
    }

    private mutating func append(_ text: String, _ style: Style) {
        guard !text.isEmpty else { return }
        let start = self.text.utf8.count
        self.text += Self.harmless(text)
        if let escape = style.escape {
            spans.append(Span(range: start..<self.text.utf8.count, escape: escape))
        }
    }

    private static func harmless(_ text: String) -> String {
        // The common case is checked first: there can be tens of thousands of
        // texts.
        if text.utf8.allSatisfy({ 0x20 <= $0 && $0 < 0x7f }) { return text }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var clean = String.UnicodeScalarView()
        clean.append(contentsOf: text.unicodeScalars.map { isControl($0) ? "?" : $0 })
        return String(clean)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }
}

extension StyledText: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) {
        self.init(value)
    }

    init(stringInterpolation: Interpolation) {
        self = stringInterpolation.text
    }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = StyledText("")

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) {
            text.append(literal, .plain)
        }

        mutating func appendInterpolation(
            _ value: some CustomStringConvertible, _ style: Style = .plain
        ) {
            text.append(value.description, style)
        }

        mutating func appendInterpolation(_ error: any Error) {
            text.append(String(describing: error), .plain)
        }

        mutating func appendInterpolation(_ value: StyledText) {
            text = text + value
        }
    }
}
