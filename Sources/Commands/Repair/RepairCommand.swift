internal import ArgumentParser
internal import Builds
internal import Engines
internal import SystemPackage
internal import Upkeep

/// `git zentoo repair`
struct RepairCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Rebuild derived data and clean up after killed builds",
        discussion: """
            Completes records, rebuilds the index of packages, lost tags and the references to \
            the newest builds from the notes, and removes scratch. In the pool it removes \
            partial files that no record names, and has Portage rewrite each index \
            ('Packages') that does not say what is there. Copies in the state directory that \
            differ from what they were made of are removed; builds make them again. What killed \
            builds left in the pool is recorded as made by them, in builds that were cancelled. \
            Notes are only added; whole packages and branches are never touched, and nothing \
            that runs is disturbed.
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
