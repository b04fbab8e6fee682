internal import Edits
internal import Git
internal import Sites

/// The `new` subcommand of both kinds of branch.
enum NewBranch {
    static func make(
        _ kind: BranchKind, named name: String, _ options: OriginOptions, _ site: SiteOptions,
        _ format: FormatOptions, in context: CommandContext
    ) async throws {
        let name = try ZentooName(name)
        let origin = try options.origin(in: context)
        let session = try await Session.open(context, site)
        let commit = try await session.partMaker().makeBranch(name, kind, from: origin)
        let branch = kind.branch(name)
        try context.output.report(
            MadePart(
                part: branch, branch: branch, commit: commit.description, origin: options.shown),
            as: format.format)
    }
}
