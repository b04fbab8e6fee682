internal import ArgumentParser
internal import Builds
internal import Exec
internal import Git
internal import Records
internal import Roots
internal import Sites

/// `git zentoo root diff`
struct RootDiff: Command {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show a root's changes to the configuration of its tuple",
        discussion: """
            Shows all changes since the tuple's commit, committed or not, in the format of \
            'git diff'. Untracked files are listed by name.
            """)

    @Argument(help: "Name of the root", completion: .roots)
    var name: String

    @Flag(help: "Show only names and numbers of changed lines")
    var stat = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let survey = RootSurvey(session.repository, state: session.settings.state)
        let root = try survey.state(of: ZentooName(name))
        let untracked = root.changes?.count { $0.status == .added } ?? 0
        if untracked > 0 {
            context.output.hint(
                """
                \(Amount.of(untracked, "new file")) not shown; \
                'git -C \(root.tree) add --intent-to-add .' has git show them
                """)
        }
        try context.output.finish()
        let place = survey.place(of: root.name)
        var git = session.git.invocation(
            ["diff"] + (stat ? ["--stat"] : []) + ["\(root.base)"]
                + (root.changes == nil ? ["\(root.head)"] : []),
            gitDirectory: root.changes == nil ? session.repository.gitDirectory : nil,
            directory: root.changes == nil ? nil : place.tree, input: .inherited)
        // These let git use the user's pager.
        for name in ["PAGER", "GIT_PAGER", "LESS", "LV", "COLORTERM", "NO_COLOR"] {
            git.environment[name] = context.environment[name]
        }
        let status = try await git.run().status
        if !status.isSuccess { throw CommandEnded(status: status.shellStatus) }
    }
}
