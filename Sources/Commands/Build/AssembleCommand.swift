internal import ArgumentParser
internal import Builds
internal import Records

/// `git zentoo assemble`
struct AssembleCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "assemble",
        abstract: "Assemble a root from the binary packages of a record",
        discussion: """
            Takes the stage, the build hooks and exactly the binary packages of the record. \
            Each package is checked against its recorded digest; nothing is compiled. An old \
            tag can be assembled at any time and gives the same root.
            """)

    @Argument(
        help: ArgumentHelp("Tuple, TUPLE@N, tag or build id", valueName: "build"),
        completion: .builds)
    var build: String

    @Argument(
        help: ArgumentHelp("Target directory; must be empty or not exist", valueName: "dir"))
    var directory: String

    @OptionGroup var engine: EngineOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let machine = try await session.machine(engine)
        try await session.recover(machine)
        try await session.warnOfOutdatedBranches([build])
        let assembler = Assembler(machine: machine, site: session.siteName)
        let report = try await context.output.withProgress("assembling '\(build)'") { meter in
            try await assembler.assemble(build, to: context.resolve(directory)) { event in
                BuildProgress.show(event, of: nil, meter: meter, output: context.output)
            }
        }
        try context.output.report(AssemblySummary(report), as: format.format)
    }
}

private struct AssemblySummary: Report {
    let assembly: AssemblyReport

    init(_ assembly: AssemblyReport) { self.assembly = assembly }

    func encode(to encoder: any Encoder) throws { try assembly.encode(to: encoder) }

    var page: Page {
        var page = Page()
        // The other recorded packages were needed only for compiling.
        let others =
            assembly.packages == assembly.recorded ? "" : " of \(assembly.recorded)"
        page.line(
            """
            \(assembly.directory): \(assembly.tag ?? assembly.build.description), \
            \(String(assembly.packages))\(others) packages in \(String(assembly.durationSeconds)) s
            """)
        if let reason = assembly.merge?.reasonForEmerge {
            page.line("merged by emerge: \(reason)")
        }
        return page
    }
}
