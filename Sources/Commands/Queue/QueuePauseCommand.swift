internal import ArgumentParser
internal import Server

/// `git zentoo queue pause`
struct QueuePauseCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Start no new builds; running builds continue, and pushes are queued")

    @Option(name: .shortAndLong, help: "Reason, shown by 'queue list'")
    var message: String?

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await QueueSession.open(context, site)
        try session.queue.pause(QueuePause(by: session.pusher, reason: message))
        session.feeder.wakeWorkers()
        context.output.status("the queue is paused; 'git zentoo queue resume' lets it go on")
    }
}
