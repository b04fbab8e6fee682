internal import ArgumentParser
internal import Upkeep

/// `git zentoo doctor`
struct DoctorCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine and this repository can build",
        discussion: """
            Looks at git, libgit2, the programs that are needed, the state directory and each \
            file system that its directories lie on, the site and its stages, what killed \
            processes left, partial files and indexes in the pool, and has the engine run a \
            job of nothing. The status is 1 when something stands in the way of builds.
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let findings = try await context.output.withProgress("examining this machine") { _ in
            try await Examination(context: context, site: site).findings()
        }
        try context.output.report(DoctorSummary(findings: findings), as: format.format)
        if findings.contains(where: { $0.level == .fail }) { throw NegativeAnswer() }
    }
}

/// The findings of `git zentoo doctor`.
struct DoctorSummary: Report {
    let findings: [Finding]

    var page: Page {
        var page = Page()
        for finding in findings {
            page.line("\(label(of: finding.level)) \(finding.subject): \(finding.message)")
            for hint in finding.hints { page.line("     \("hint:", .name) \(hint)") }
        }
        return page
    }

    private func label(of level: Finding.Level) -> StyledText {
        switch level {
        case .ok: "\("ok  ", .good)"
        case .warn: "\("warn", .notice)"
        case .fail: "\("fail", .bad)"
        }
    }
}
