internal import ArgumentParser
internal import Git
internal import Zentoo

/// `git zentoo hook pre-receive`
struct HookPreReceive: Command {
    static let configuration = CommandConfiguration(
        commandName: "pre-receive",
        abstract: "Refuse a push that cannot work; called by git",
        discussion: """
            Reads from standard input which references a push changes, looks at the \
            repository as it would be afterwards, and tells all that is wrong, with branch, \
            file and line. The status is 1 when there is anything; git then takes nothing of \
            the push. Nothing is written.
            """)

    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let push = try Push(try context.readInput(limit: Push.largestInput))
        let repository = try Repository.open(
            environment: context.environment, directory: context.workingDirectory)
        let configuration = try await GitProgram(environment: context.environment)
            .configuration(gitDirectory: repository.gitDirectory)
        let pusher = context.environment[Push.pusherVariable] ?? Platform.userName()
        let verdict = try PushPolicy(configuration, repository: repository)
            .judge(push, by: pusher)
        guard !verdict.refusals.isEmpty || !verdict.warnings.isEmpty else { return }
        try context.output.report(PushPage(verdict: verdict), as: format.format)
        if !verdict.refusals.isEmpty { throw NegativeAnswer() }
    }
}
