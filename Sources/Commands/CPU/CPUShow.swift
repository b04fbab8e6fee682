internal import ArgumentParser
internal import Sites

/// `git zentoo cpu show`
struct CPUShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the file of a cpu and the tuples that use it")

    @Argument(help: ArgumentHelp("Name of the cpu", valueName: "cpu"))
    var name: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let name = try ZentooName(name)
        let site = try await Session.open(context, site).site()
        try context.output.report(
            CPUDescription(cpu: site.cpuEntry(name)), as: format.format)
    }
}

private struct CPUDescription: Report {
    let cpu: CPUEntry

    func encode(to encoder: any Encoder) throws {
        try cpu.encode(to: encoder)
    }

    var page: Page {
        var page = Page()
        page.line("\(cpu.name, .strong) (\(cpu.place))")
        for assignment in cpu.assignments {
            page.line("  \(assignment.variable)=\"\(assignment.value)\"")
        }
        if !cpu.tuples.isEmpty { page.line("tuples:") }
        for tuple in cpu.tuples { page.line("  \(tuple)") }
        page.mistakes(cpu.mistakes)
        return page
    }
}
