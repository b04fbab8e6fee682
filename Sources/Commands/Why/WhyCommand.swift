internal import ArgumentParser
internal import Builds
internal import Engines
internal import Records
internal import Sites

/// `git zentoo why`
struct WhyCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Show why a tuple, or a package in it, would be built again or not",
        discussion: """
            For a tuple, lists every input that differs from the last successful build and the \
            commits that changed it. For a package, asks Portage for its plan, and shows which \
            binary packages are reused, which packages are compiled, and why a binary package \
            is not used.
            """)

    @Argument(
        help: ArgumentHelp(
            "Tuple, package, or both; defaults to the default tuple",
            valueName: "tuple|package"),
        completion: .recordedTuples)
    var subjects: [String] = []

    @OptionGroup var engine: EngineOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if subjects.count > 2 { throw ValidationError("want a tuple and a package at most") }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let records = try await session.records()
        let question = try WhyQuestion(subjects, in: session, records)
        guard let package = question.package else {
            let standing = try session.inspector(records).standing(of: question.series.tuple)
            return try context.output.report(
                WhySummary(standing: standing, now: .now), as: format.format)
        }
        let explainer = PackageExplainer(records, state: session.settings.state)
        let answer: PackageAnswer
        do {
            let plan = try await plan(question.series.tuple, in: session)
            answer = try await explainer.answer(package, of: question.series, plan: plan)
        } catch let error as any ObstacleToPlan {
            let report = ErrorReport(error)
            context.output.warning("answered from records alone, no plan: \(report.message)")
            for hint in report.hints { context.output.hint("\(hint)") }
            answer = try explainer.answer(package, of: question.series)
        }
        try context.output.report(PackageSummary(answer), as: format.format)
    }

    private func plan(_ tuple: String, in session: Session) async throws -> TupleReport {
        let builder = Builder(machine: try await session.machine(engine), site: session.siteName)
        let output = session.context.output
        return try await output.withProgress("planning '\(tuple)'") { meter in
            try await builder.build(
                tuple, options: BuildOptions(dryRun: true, findsEdited: true)
            ) { event in
                BuildProgress.show(event, of: nil, meter: meter, output: output)
            }
        }
    }
}
