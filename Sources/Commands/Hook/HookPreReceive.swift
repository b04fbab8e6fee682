internal import ArgumentParser
internal import Server

/// `git zentoo hook pre-receive`
struct HookPreReceive: Command {
    static let configuration = CommandConfiguration(
        commandName: "pre-receive",
        abstract: "Refuse a push that contains mistakes; called by git",
        discussion: """
            Reads the updated references from standard input, checks the repository as it \
            would be after the push, and prints all mistakes with branch, file and line. If \
            there are any the status is 1, and git rejects the whole push. Nothing is written.
            """)

    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    /// The limit of processor time in seconds, far more than the largest
    /// legitimate push takes.
    private static let longest: UInt = 60

    func run(in context: CommandContext) async throws {
        Platform.limitProcessorTime(seconds: Self.longest)
        let session = try await HookSession.open(context)
        let push = try session.push()
        // Invalid push options are refused here: in post-receive it is too
        // late.
        _ = try PushOptions(environment: context.environment)
        let verdict = try PushPolicy(session.configuration, repository: session.repository)
            .judge(push, by: session.pusher)
        guard !verdict.refusals.isEmpty || !verdict.warnings.isEmpty else { return }
        try context.output.report(PushPage(verdict: verdict), as: format.format)
        if !verdict.refusals.isEmpty { throw NegativeAnswer() }
    }
}
