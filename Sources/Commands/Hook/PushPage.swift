internal import Server

/// The reasons why a push is refused, as the pusher sees them after git's
/// `remote:`.
struct PushPage: Report {
    let verdict: PushVerdict

    func encode(to encoder: any Encoder) throws { try verdict.encode(to: encoder) }

    /// The maximum number of errors, and of warnings, that are shown.
    private static let most = 50

    var page: Page {
        var page = Page()
        list(verdict.warnings, as: "\("warning:", .notice)", on: &page)
        list(verdict.refusals, as: "\("error:", .bad)", on: &page)
        if !verdict.refusals.isEmpty {
            let count = Amount.of(verdict.refusals.count, "mistake")
            page.line("push refused: \(count); nothing was changed")
        }
        return page
    }

    private func list(_ found: [PushRefusal], as label: StyledText, on page: inout Page) {
        for refusal in found.prefix(Self.most) {
            page.line(label + " \(refusal.place): \(refusal.message)")
            if let hint = refusal.hint { page.line("\("hint:", .name) \(hint)") }
        }
        if found.count > Self.most {
            page.line(label + " and \(found.count - Self.most) more")
        }
    }
}
