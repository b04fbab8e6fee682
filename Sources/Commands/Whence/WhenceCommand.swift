internal import ArgumentParser
internal import Files
internal import Records
internal import Sites

/// `git zentoo whence`
struct WhenceCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "whence",
        abstract: "Show which tuple made a binary package",
        discussion: """
            A file is identified by its content, regardless of its place and name. Instead of \
            the file, its SHA-256, at least six digits of it, or its path in the pool can be \
            given. For a package or version, all its builds are listed. A package that was \
            found in the pool and that no known build made is listed as found, with the time \
            and the revisions of repositories that the file itself states. The status is 1 if \
            no record names it.
            """)

    @Argument(
        help: ArgumentHelp(
            "File, digest, path in the pool, or package such as sys-apps/sed or sed",
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
