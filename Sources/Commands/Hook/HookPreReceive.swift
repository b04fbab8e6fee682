internal import ArgumentParser
internal import Server

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
