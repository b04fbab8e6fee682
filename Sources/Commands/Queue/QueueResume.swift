internal import ArgumentParser
internal import Server

/// `git zentoo queue resume`
struct QueueResume: Command {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Resume a paused queue")

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await QueueSession.open(context, site)
        let wasPaused = try session.queue.resume()
        session.feeder.wakeWorkers()
        context.output.status(wasPaused ? "the queue goes on" : "the queue was not paused")
    }
}
