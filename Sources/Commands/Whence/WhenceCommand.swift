internal import ArgumentParser
internal import Files
internal import Records
internal import Sites

/// `git zentoo whence`
struct WhenceCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "whence",
        abstract: "Tell which tuple made a binary package",
        discussion: """
            A file is known by its content, wherever it lies and whatever it is called. \
            Without the file its SHA-256, or six digits of it, will do, or its path in the \
            pool; a package or version is answered with all its builds. A package that no known \
            build has made, and one has found in the pool, is told as found, with the time and \
            the repositories' revisions that it names itself. The status is 1 when no record \
            knows it.
            """)

    @Argument(
        help: ArgumentHelp(
            "A file, a digest, a path in the pool, or a package such as sys-apps/sed or sed",
            valueName: "file|digest|path|atom"),
        completion: .file())
    var question: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let records = try await session.records()
        do {
            let answer = try await answer(in: context, from: records)
            let summary = WhenceSummary(answer, tags: try records.tags(of: answer.origins))
            try context.output.report(summary, as: format.format)
        } catch let error as ZentooError where error.code == .notFound {
            if format.format == .json {
                try context.output.report(WhenceSummary(unknown: question), as: .json)
            }
            context.output.error(
                ErrorReport(label: "error", message: error.message, hints: error.hints))
            throw NegativeAnswer()
        }
    }

    private func answer(
        in context: CommandContext, from records: ResultReader
    ) async throws -> WhenceAnswer {
        let path = context.resolve(question)
        guard try FileStatus.of(path, followingLinks: true)?.kind == .file else {
            return try records.whence(question)
        }
        return try await records.whence(file: path)
    }
}
