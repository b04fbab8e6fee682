internal import Builds
internal import Records

/// The outcome for packages, and the reasons.
struct PackageSummary: Report {
    let answer: PackageAnswer

    init(_ answer: PackageAnswer) { self.answer = answer }

    func encode(to encoder: any Encoder) throws { try answer.encode(to: encoder) }

    /// The maximum number of refused packages shown; further ones explain no
    /// more.
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
            page.line(
                "  \(origin.disposition.rawValue) by \(origin.series) \(origin.build, .name)")
        }
        if explanation.isMissing {
            page.line("  \("missing", .bad): the pool's index has it, its file is gone")
        }
        if explanation.isEdited {
            page.line("  its ebuild, an eclass or a file of it was edited without a new revision")
            if verdict.outcome == .reused {
                page.line(
                    "  \("hint:", .name) 'rebuild=any-change' in config/tuples compiles it again")
            }
        }
        let last = explanation.refused.first { $0.package.path == verdict.recorded?.path }
        if verdict.outcome == .rebuilt {
            if let recorded = verdict.recorded {
                page.line("  the last success has \(recorded.cpv)-\(recorded.buildNumber):")
            }
            add(
                verdict.causes, isInPool: last?.isInPool ?? false,
                flavourChanges: last?.flavourChanges ?? [], isEdited: explanation.isEdited,
                to: &page)
        }
        let others = explanation.refused.filter { $0.package.path != verdict.recorded?.path }
        for refusal in others.prefix(Self.mostRefused) {
            page.line(
                """
                  not taken: \(refusal.package.cpv)-\(refusal.package.buildNumber) of \
                \(refusal.series) \(refusal.build, .name)
                """)
            add(
                refusal.causes, isInPool: refusal.isInPool,
                flavourChanges: refusal.flavourChanges, isEdited: false, to: &page)
        }
        if others.count > Self.mostRefused {
            page.line("  and \(others.count - Self.mostRefused) others")
        }
    }

    private func add(
        _ causes: [PackageVerdict.Cause], isInPool: Bool, flavourChanges: [FlavourChange],
        isEdited: Bool, to page: inout Page
    ) {
        if !isInPool { page.line("    \("not in the pool", .bad)") }
        let named = causes.filter { $0.kind != .dependencies }
        for cause in named {
            page.line("    \(text(of: cause))")
            guard cause.kind == .flavour else { continue }
            for change in flavourChanges {
                let (before, after) = (change.before ?? "none", change.after ?? "none")
                page.line("      \(change.input): \(before) -> \(after)")
            }
        }
        if named.isEmpty, isInPool, !isEdited {
            page.line("    nothing recorded differs: what it depends on has changed")
        }
    }

    private func text(of cause: PackageVerdict.Cause) -> StyledText {
        switch cause.kind {
        case .use:
            let removed = cause.before.split(separator: " ").map { "-\($0)" }
            let added = cause.after.split(separator: " ").map { "+\($0)" }
            return "USE: \((added + removed).joined(separator: " "))"
        case .ebuild: return "its ebuild was edited without a new revision"
        default: return "\(cause.kind.rawValue): \(cause.before) -> \(cause.after)"
        }
    }

    private func outcome(of verdict: PackageVerdict) -> StyledText {
        switch verdict.outcome {
        case .reused: "\("reused", .good) from the pool"
        case .rebuilt: "\("compiled again", .notice)"
        case .new where answer.latest == nil: "\("compiled", .notice), there is no success yet"
        case .new: "\("compiled", .notice), the last success does not have it"
        }
    }
}
