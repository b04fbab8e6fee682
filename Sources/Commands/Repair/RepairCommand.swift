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
            Completes records, rebuilds the package index, lost tags and the references to the \
            latest builds from the notes, and removes temporary files. In the pool it removes \
            partial files that no record names, and has Portage rewrite each index \
            ('Packages') that does not match the files. Copies in the state directory that \
            differ from their originals are removed; builds recreate them. Packages that \
            killed builds left in the pool are recorded as made by those builds, with the \
            status cancelled. Notes are only added; complete packages and branches are never \
            changed, and running builds are not disturbed.
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
