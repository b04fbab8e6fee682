internal import ArgumentParser
internal import Builds
internal import Sites

/// `git zentoo stage list`
struct StageList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the stages of the site and their copies on this machine",
        discussion: """
            Stages that were replaced but are still unpacked on this machine are listed last; \
            'git zentoo stage remove DIGEST' removes one.
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let stages = try session.stages(of: session.site()).list()
        try context.output.report(StageListing(stages: stages), as: format.format)
    }
}

/// A list of stages.
struct StageListing: Report {
    let stages: [StageState]

    var page: Page {
        var table = Table(
            .left("stage"), .left("state"), .left("signed by"), .left("sha256"),
            .right("tuples"), .left("source"))
        for stage in stages {
            table.row(
                "\(stage.name, .strong)", state(of: stage),
                "\(stage.verifiedBy.map { String($0.description.suffix(16)) } ?? "nobody")",
                "\(stage.digest.map { String($0.description.prefix(12)) } ?? "", .name)",
                "\(stage.tuples.count)", "\(stage.source)")
        }
        var page = Page()
        page.table(table)
        return page
    }

    private func state(of stage: StageState) -> StyledText {
        if !stage.isListed { return "\("replaced", .faint)" }
        if stage.digest == nil { return "\("never added", .notice)" }
        if stage.isHere { return "\("here", .good)" }
        return stage.isInPool ? "in the pool" : "not here"
    }
}
