internal import ArgumentParser
internal import Engines
internal import SystemPackage
internal import Zentoo

/// `git zentoo repair`
struct RepairCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Make everything derived anew, and clear away what killed builds left",
        discussion: """
            Completes records, makes the index of packages, lost tags and the references to \
            the newest builds anew from the notes, and removes scratch. The notes themselves, \
            the pool and branches are never touched, and nothing that runs is disturbed.
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let machine = try await session.machine()
        let swept = try await machine.engine.sweep()
        let report = try await Repair(machine: machine).run()
        try context.output.report(
            RepairSummary(repairs: report, removed: swept), as: format.format)
        if !report.obstacles.isEmpty || !report.lost.isEmpty { throw NegativeAnswer() }
    }
}
