internal import ArgumentParser
internal import Builds
internal import Sites

/// `git zentoo bootstrap`
struct BootstrapCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Rebuild a tuple's stage with the tuple's flags as a new stage",
        discussion: """
            Merges @world of the tuple's stage and the tuple's set again. Binary packages of \
            the flavour are used where they exist; all others are compiled. Packages that \
            nothing depends on are removed. The result is a new stage: an archive in the pool, \
            named by its digest and available on every machine that has the pool. One commit \
            on the site's branch names and pins it. Builds over it reuse its packages.
            """)

    @Argument(help: "Tuple to bootstrap; defaults to the default tuple")
    var tuple: String?

    @Option(
        help: ArgumentHelp(
            "Name of the stage; defaults to <cpu>-<portage>, or to the name of the tuple's "
                + "current stage if it was bootstrapped from this tuple", valueName: "name"))
    var name: String?

    @Flag(help: "Bootstrap even if the stage is up to date")
    var force = false

    @Flag(name: .customLong("dry-run"), help: "Compose and plan, but build nothing")
    var dryRun = false

    @OptionGroup var engine: EngineOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    var resumption: [String] {
        ["run the same command again: what was compiled is in the pool and is not compiled again"]
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let tuple = try session.tuples(tuple.map { [$0] } ?? [], all: false)[0]
        let machine = try await session.machine(engine)
        try await session.recover(machine)
        try await session.warnOfOutdatedBranches([tuple])
        let options = BuildOptions(force: force, dryRun: dryRun)
        let bootstrapper = Bootstrapper(machine: machine, site: session.siteName)
        let report = try await context.output.withProgress("bootstrapping '\(tuple)'") { meter in
            try await bootstrapper.bootstrap(tuple, as: name, options: options) { event in
                BuildProgress.show(event, of: nil, meter: meter, output: context.output)
            }
        }
        try context.output.report(BootstrapSummary(report), as: format.format)
        if let line = try session.lineToUse(report) {
            context.output.hint("to build on it, add to \(TuplesFile.path): \(line)")
        }
        if report.status == .failed { throw NegativeAnswer() }
    }
}

extension Session {
    /// Returns the line of `config/tuples` that makes the tuple use the stage;
    /// nil if no stage was made or the tuple uses it already.
    fileprivate func lineToUse(_ report: TupleReport) throws -> String? {
        guard let stage = report.stage else { return nil }
        let tuple = try site().tuple(named: report.tuple)
        if try site().stage(of: tuple)?.text == stage.name { return nil }
        let users =
            stage.name == "\(tuple.cpu)-\(tuple.portage)"
            ? "\(tuple.cpu)-\(tuple.portage)-*-*" : tuple.text
        return "\(users) stage=\(stage.name)"
    }
}
