internal import ArgumentParser
internal import Builds
internal import Roots
internal import Sites
internal import SystemPackage

/// `git zentoo patch try`
struct PatchTry: Command {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Build a package with the changes of its source",
        discussion: """
            Builds in a clean root, with the root's configuration and the changes as an \
            additional user patch. The root's work tree and the pool are not changed; the \
            binary package is kept as the root's own. If a command is given, it is run in the \
            root into which the package was merged, and its status is returned.
            """)

    @Argument(help: "Name of the root", completion: .roots)
    var root: String

    @Argument(
        help: "Package; optional if only one is being patched",
        completion: .packagesBeingPatched)
    var package: String?

    @Flag(help: "Also run the package's own tests")
    var test = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("Command to run where the package was merged", valueName: "command"))
    var command: [String] = []

    @OptionGroup var engine: EngineOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    var resumption: [String] { ["what you have changed is as it was; run the command again"] }

    func validate() throws {
        if format.isJSON && !command.isEmpty {
            throw ValidationError("'--json' and a command cannot be used together")
        }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let bench = try await session.patchBench(engine)
        let root = try ZentooName(root)
        let options = SessionOptions(
            command: command,
            isInteractive: Platform.isTerminal(.standardInput)
                && Platform.isTerminal(.standardOutput),
            terminal: context.environment["TERM"])
        let report = try await context.output.withProgress("trying a patch") { meter in
            try await bench.attempt(
                package, in: root, runsTests: test, then: command.isEmpty ? nil : options
            ) { event in
                if event == .step("session") {
                    // From here on the command uses the terminal.
                    meter.end()
                } else {
                    BuildProgress.show(event, of: nil, meter: meter, output: context.output)
                }
            }
        }
        if command.isEmpty || report.status == .failed {
            try context.output.report(PatchTrialPage(report: report), as: format.format)
        }
        if report.status == .failed { throw NegativeAnswer() }
        if let status = report.commandStatus, status != 0 { throw CommandEnded(status: status) }
    }
}

/// The result of trying a patch.
struct PatchTrialPage: Report {
    let report: PatchTrialReport

    func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }

    var page: Page {
        var page = Page()
        let with =
            report.changes == 0
            ? "as it is saved" : "with \(Amount.of(report.changes, "changed file"))"
        switch report.status {
        case .built:
            page.line(
                """
                \(report.version, .strong): \("builds", .good) \(with), \
                in \(Amount.time(report.durationSeconds))
                """)
            if let package = report.package { page.line("  the root's own: \(package)") }
        case .failed:
            page.line(
                """
                \(report.version, .strong): \("failed", .bad) in \(report.phase ?? "?")\
                \(report.failed.map { " of \($0)" } ?? "") \(with)
                """)
            for line in report.lastLines { page.line("  \(line)") }
        }
        page.line("  the whole log: zstdless \(report.log)")
        return page
    }
}
