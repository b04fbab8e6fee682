internal import ArgumentParser
internal import Server

/// `git zentoo queue pause`
struct QueuePauseCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Begin no new builds; what runs goes on, and pushes are queued")

    @Option(name: .shortAndLong, help: "Why, for whoever wonders")
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
