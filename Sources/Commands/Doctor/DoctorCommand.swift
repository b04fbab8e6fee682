internal import ArgumentParser
internal import Upkeep

/// `git zentoo doctor`
struct DoctorCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine and this repository can build",
        discussion: """
            Checks git, libgit2, the required programs, the state directory and the file \
            systems that its directories are on, the site and its stages, the remains of \
            killed processes, and partial files and indexes in the pool. It also runs an empty \
            job on the engine. The status is 1 if something prevents builds.
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
