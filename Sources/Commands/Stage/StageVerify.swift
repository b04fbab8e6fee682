internal import ArgumentParser
internal import Builds
internal import Sites

/// `git zentoo stage verify`
struct StageVerify: Command {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare unpacked stages with their recorded contents",
        discussion: """
            Reads every file, mode, owner, link and extended attribute again. The status is 1 \
            if anything has changed.
            """)

    @Argument(
        help: ArgumentHelp("Names of stages; defaults to all on this machine", valueName: "name"))
    var names: [String] = []

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let survey = try session.stages(of: session.site())
        let stages =
            try names.isEmpty
            ? survey.list().filter(\.isHere) : names.map { try survey.stage(named: $0) }
        var checked: [StageCheckSummary.Stage] = []
        for stage in stages {
            guard let digest = stage.digest else {
                throw ZentooError(
                    .notFound, "stage '\(stage.name)' has never been added",
                    hints: ["git zentoo stage add \(stage.name)"])
            }
            let result = try await context.output.withProgress(
                "reading stage '\(stage.name)'"
            ) { meter in
                meter.update { _ in }
                return try await session.stageStore.verify(digest)
            }
            checked.append(.init(name: stage.name, digest: digest, result: result))
        }
        try context.output.report(StageCheckSummary(stages: checked), as: format.format)
        if checked.contains(where: { !$0.result.isIntact }) { throw NegativeAnswer() }
    }
}

/// The result of comparing stages.
struct StageCheckSummary: Report {
    struct Stage: Encodable {
        let name: String
        let digest: SHA256Digest
        let result: StageVerification
    }

    let stages: [Stage]

    /// The maximum number of paths shown for a stage.
    private static let mostPaths = 20

    var page: Page {
        var page = Page()
        for stage in stages {
            if stage.result.isIntact {
                page.line("\(stage.name): \("intact", .good)")
                continue
            }
            page.line("\(stage.name): \("altered", .bad)")
            let altered = stage.result.altered
            for path in altered.prefix(Self.mostPaths) { page.line("  \(path)") }
            if altered.count > Self.mostPaths {
                page.line("  and \(altered.count - Self.mostPaths) others")
            }
            if altered.isEmpty {
                page.line("  a file's content changed and its size and time did not")
            }
            page.line(
                """
                  \("hint:", .name) git zentoo stage remove --force \(stage.digest) \
                && git zentoo stage add \(stage.name)
                """)
        }
        return page
    }
}
