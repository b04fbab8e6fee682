internal import ArgumentParser
internal import Sites

/// `git zentoo cpu list`
struct CPUList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the cpus of the site")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let site = try await Session.open(context, site).site()
        try context.output.report(CPUListing(cpus: site.cpus()), as: format.format)
    }
}

private struct CPUListing: Report {
    let cpus: [CPUEntry]

    var page: Page {
        var page = Page()
        var table = Table(.left("cpu"), .left("flags"), .right("tuples"), .left("state"))
        for cpu in cpus {
            table.row(
                "\(cpu.name, .name)",
                "\(cpu["COMMON_FLAGS"] ?? cpu["CFLAGS"] ?? "")",
                "\(cpu.tuples.count)", StyledText(mistakes: cpu.mistakes.count))
        }
        page.table(table)
        return page
    }
}
