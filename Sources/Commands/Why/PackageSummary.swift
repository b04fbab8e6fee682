internal import Zentoo

/// What becomes of packages, and why.
struct PackageSummary: Report {
    let answer: PackageAnswer

    init(_ answer: PackageAnswer) { self.answer = answer }

    func encode(to encoder: any Encoder) throws { try answer.encode(to: encoder) }

    /// More that do not fit tell nothing more.
    private static let mostRefused = 5

    var page: Page {
        var page = Page()
        for explanation in answer.planned ?? [] { add(explanation, to: &page) }
        if answer.planned?.isEmpty ?? false {
            page.line(
                """
                \(answer.question): not in the plan of \(answer.tuple): neither its set nor what \
                that needs wants it, or the stage has it already
                """)
        }
        guard answer.planned?.isEmpty ?? true else { return page }
        for package in answer.recorded {
            page.line(
                """
                \(package.cpv, .strong): \(package.disposition.rawValue) in the last success\
                \(answer.latest?.tag.map { ", \($0)" } ?? "")
                """)
            page.line("  \(package.path)")
            if !package.use.isEmpty { page.line("  USE: \(package.use.joined(separator: " "))") }
        }
        if answer.recorded.isEmpty {
            page.line("\(answer.question): not in the last success of \(answer.tuple)")
        }
        return page
    }

    private func add(_ explanation: PackageExplanation, to page: inout Page) {
        let verdict = explanation.verdict
        page.line("\(verdict.package.cpv, .strong): \(outcome(of: verdict))")
        if let origin = explanation.origin {
            page.line("  \(origin.path)")
            page.line("  made by \(origin.series) \(origin.build, .name)")
        }
        if explanation.isEdited {
            page.line("  its ebuild, an eclass or a file of it was edited without a new revision")
            if verdict.outcome == .reused {
                page.line(
                    "  \("hint:", .name) 'rebuild=any-change' in config/tuples compiles it again")
            }
        }
        if verdict.outcome == .rebuilt, let recorded = verdict.recorded, !explanation.isEdited {
            page.line("  the last success has \(recorded.cpv)-\(recorded.buildNumber):")
            let isThere = explanation.refused.contains {
                $0.package.path == recorded.path && $0.isInPool
            }
            add(verdict.causes, isInPool: isThere, indent: "    ", to: &page)
            for change in explanation.flavourChanges {
                page.line(
                    "      \(change.input): \(change.before ?? "none") -> \(change.after ?? "none")"
                )
            }
        }
        let others = explanation.refused.filter { $0.package.path != verdict.recorded?.path }
        for refusal in others.prefix(Self.mostRefused) {
            page.line(
                """
                  not taken: \(refusal.package.cpv)-\(refusal.package.buildNumber) of \
                \(refusal.series) \(refusal.build, .name)
                """)
            add(refusal.causes, isInPool: refusal.isInPool, indent: "    ", to: &page)
        }
        if others.count > Self.mostRefused {
            page.line("  and \(others.count - Self.mostRefused) others")
        }
    }

    private func add(
        _ causes: [PackageVerdict.Cause], isInPool: Bool, indent: String, to page: inout Page
    ) {
        if !isInPool { page.line("\(indent)\("not in the pool", .bad)") }
        for cause in causes {
            switch cause.kind {
            case .use:
                let removed = cause.before.split(separator: " ").map { "-\($0)" }
                let added = cause.after.split(separator: " ").map { "+\($0)" }
                page.line("\(indent)USE: \((added + removed).joined(separator: " "))")
            case .ebuild:
                page.line("\(indent)its ebuild was edited without a new revision")
            case .dependencies:
                if isInPool {
                    page.line("\(indent)nothing recorded differs: its dependencies have changed")
                }
            default:
                page.line("\(indent)\(cause.kind.rawValue): \(cause.before) -> \(cause.after)")
            }
        }
        if causes.isEmpty, isInPool {
            page.line("\(indent)nothing recorded differs: its dependencies have changed")
        }
    }

    private func outcome(of verdict: PackageVerdict) -> StyledText {
        switch verdict.outcome {
        case .reused: "\("reused", .good) from the pool"
        case .rebuilt: "\("compiled again", .notice)"
        case .new: "\("compiled", .notice), the last success does not have it"
        }
    }
}
