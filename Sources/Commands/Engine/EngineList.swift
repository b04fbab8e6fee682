internal import ArgumentParser
internal import Builds
internal import Engines
internal import Sites

/// `git zentoo engine list`
struct EngineList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the engines and whether jobs can run on them",
        discussion: "The status is 1 if jobs cannot run on the default engine.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let engines = try session.engines()
        let entries = try await context.output.withProgress("examining engines") { _ in
            try await session.examine(engines)
        }
        try context.output.report(EngineListing(engines: entries), as: format.format)
        if entries.contains(where: { $0.isStandard && !$0.isReady }) { throw NegativeAnswer() }
    }
}

extension Session {
    fileprivate func examine(_ engines: EngineChoice) async throws -> [EngineListing.Entry] {
        var entries: [EngineListing.Entry] = []
        for name in EngineName.allCases {
            var entry = EngineListing.Entry(name: name, isStandard: name == engines.standard)
            do {
                try await engines.engine(name).check()
            } catch let error where !(error is CancellationError) {
                let report = ErrorReport(error)
                entry.obstacle = report.message
                entry.hints = report.hints
            }
            entries.append(entry)
        }
        return entries
    }
}

/// A list of engines.
struct EngineListing: Report {
    /// An engine in the list.
    struct Entry: Codable {
        var name: EngineName
        var isStandard: Bool
        /// The reason why jobs cannot run there; nil if they can.
        var obstacle: String?
        var hints: [String] = []

        var isReady: Bool { obstacle == nil }
    }

    let engines: [Entry]

    var page: Page {
        var page = Page()
        for engine in engines {
            let standard = engine.isStandard ? " (standard)" : ""
            let state: StyledText =
                engine.obstacle.map { "\("no", .notice): \($0)" } ?? "\("runs jobs", .good)"
            page.line("\(engine.name.rawValue, .strong)\(standard): \(state)")
            for hint in engine.hints { page.line("  \("hint:", .name) \(hint)") }
        }
        return page
    }
}
