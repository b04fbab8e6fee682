internal import ArgumentParser
internal import Edits
internal import Git
internal import Sites

/// `git zentoo cpu detect`
struct CPUDetect: Command {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Detect the features of this machine's processor",
        discussion: """
            Asks gcc for the meaning of '-march=native' on this machine and the kernel for \
            CPU_FLAGS_X86, and prints the file for config/cpu. 'native' itself is not allowed \
            in a site, because its meaning depends on the machine that builds.
            """)

    @Option(
        help: ArgumentHelp("Name of the cpu in tuples; defaults to gcc's name", valueName: "cpu"))
    var name: String?

    @Flag(help: "Commit the file to the site's branch as config/cpu/<cpu>")
    var write = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let name = try name.map { try ZentooName($0) }
        let cpu = try await CPUDetector(environment: context.environment).detect()
        guard write else {
            try context.output.report(DetectedPage(cpu: cpu), as: format.format)
            return
        }
        let session = try await Session.open(context, site)
        let chosen = try name ?? ZentooName(cpu.architecture)
        let commit = try await session.partMaker().makeCPU(chosen, Array(cpu.fragment.utf8))
        try context.output.report(
            MadePart(
                part: "config/cpu/\(chosen)", branch: session.siteName.text,
                commit: commit?.description, origin: cpu.model), as: format.format)
    }
}

private struct DetectedPage: Report {
    let cpu: DetectedCPU

    func encode(to encoder: any Encoder) throws {
        try cpu.encode(to: encoder)
    }

    var page: Page {
        var page = Page()
        // The fragment's final newline does not start another line.
        for line in cpu.fragment.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        {
            page.line("\(String(line))")
        }
        return page
    }
}
