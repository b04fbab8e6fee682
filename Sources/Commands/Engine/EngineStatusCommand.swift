internal import ArgumentParser
internal import Builds
internal import Engines
internal import Sites

/// `git zentoo engine status`
struct EngineStatusCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the machines, jobs and stages of an engine",
        discussion: """
            The jobs are those of this repository's state directory: running, waiting for a \
            machine, kept for inspection, or left by a process that died. 'git zentoo repair' \
            removes those that were left.
            """)

    @Argument(
        help: "Name of the engine; defaults to the default engine",
        completion: .list(EngineName.allCases.map(\.rawValue)),
        transform: EngineOptions.name)
    var name: EngineName?

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let engines = try session.engines()
        let engine = try engines.engine(name ?? engines.standard)
        guard let engine = engine as? any ReportingEngine else {
            throw ZentooError(.unsupported, "engine '\(engine.name)' does not tell what it does")
        }
        let status = try await context.output.withProgress("asking engine '\(engine.name)'") { _ in
            try await engine.status()
        }
        try context.output.report(
            EngineStatusPage(status: status, names: session.stageNames()), as: format.format)
    }
}

extension Session {
    /// Returns the site's names of stages, by digest.
    fileprivate func stageNames() -> [String: String] {
        let stages = (try? site().lock.stages) ?? [:]
        return Dictionary(
            stages.map { ($0.value.digest.description, $0.key.text) }, uniquingKeysWith: min)
    }
}

/// The machines, jobs and stages of an engine.
struct EngineStatusPage: Report {
    let status: EngineStatus
    /// The site's names of stages, by digest.
    let names: [String: String]

    func encode(to encoder: any Encoder) throws { try status.encode(to: encoder) }

    var page: Page {
        var page = Page()
        page.line("engine \(status.engine, .strong): \(status.version)")
        for place in status.places { add(place, to: &page) }
        for job in status.waiting { page.line("\(line(of: job))") }
        return page
    }

    private func add(_ place: EngineStatus.Place, to page: inout Page) {
        var facts = [place.state] + [place.availability].compactMap(\.self)
        facts += [place.processor].compactMap(\.self)
        facts += place.processors.map { [Amount.of($0, "processor")] } ?? []
        facts += place.memory.map { [Amount.bytes(Int64($0))] } ?? []
        facts += place.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        page.line("\(place.name, .name): \(facts.joined(separator: ", "))")
        for job in place.jobs { page.line("  \(line(of: job))") }
        for stage in place.stages ?? [] {
            let name = names[stage.digest].map { " (\($0))" } ?? ""
            page.line("  image \(stage.image)\(name), \(Amount.bytes(Int64(stage.size)))")
        }
    }

    private func line(of job: EngineStatus.PlacedJob) -> StyledText {
        let note = job.note.map { ": \($0)" } ?? ""
        let state: StyledText =
            job.state == .left ? "\(job.state.rawValue, .notice)" : "\(job.state.rawValue)"
        return "job \(job.id) \(state)\(note)"
    }
}
