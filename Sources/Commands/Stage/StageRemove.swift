internal import ArgumentParser
internal import Builds
internal import Sites
internal import SystemPackage

/// `git zentoo stage remove`
struct StageRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a stage that nothing uses",
        discussion: """
            Removes the stage from config/stages and its pin from the lock file in one commit, \
            and deletes the unpacked tree. If the stage is named by its digest, only the tree \
            is deleted; a build that needs it fetches it again. The archive of a bootstrapped \
            stage is kept in the pool, because other machines may use it and records of old \
            builds name it.
            """)

    @Argument(
        help: ArgumentHelp(
            "Name of the stage, or at least six digits of its digest", valueName: "name|digest"))
    var name: String

    @Flag(help: "Remove the stage even if it is in use")
    var force = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let site = try session.site()
        let survey = try session.stages(of: site)
        let stage = try survey.stage(named: name)
        let users = try survey.users(of: stage)
        guard users.isEmpty || force else {
            throw ZentooError(
                .busy,
                "stage '\(name)' is used by \(users[0])"
                    + (users.count > 1 ? " and \(users.count - 1) more" : ""),
                hints: users.dropFirst().prefix(5).map { "used by \($0)" } + [
                    "give the tuples another stage in \(TuplesFile.path), or --force"
                ])
        }
        if let build = try survey.runningBuilds().first {
            throw ZentooError(
                .busy, "build '\(build)' is running, maybe on this stage",
                hints: ["wait for it to end: 'git zentoo status' shows what runs"])
        }
        let isNamed = stage.isListed && stage.name == name
        var isCommitted = false
        if isNamed {
            let editor = SiteEditor(site, machine: try await session.machine())
            isCommitted = try await editor.removeStage(ZentooName(name))
        }
        if stage.isHere, let digest = stage.digest { try await session.stageStore.remove(digest) }
        try context.output.report(
            StageRemoval(
                name: stage.name, digest: stage.digest, isCommitted: isCommitted,
                isTreeRemoved: stage.isHere,
                archive: stage.isInPool
                    ? stage.digest.map { session.settings.state.archive(of: $0).string } : nil),
            as: format.format)
    }
}

/// The result of removing a stage.
struct StageRemoval: Report {
    let name: String
    let digest: SHA256Digest?
    let isCommitted: Bool
    let isTreeRemoved: Bool
    /// The archive that stays in the pool; nil if there is none.
    let archive: String?

    var page: Page {
        var page = Page()
        if isCommitted { page.line("\(name): out of \(StagesFile.path) and the lock") }
        if isTreeRemoved, let digest { page.line("\(name): sha256:\(digest) removed") }
        if let archive { page.line("  stays in the pool: \(archive)") }
        return page
    }
}
