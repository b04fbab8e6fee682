internal import ArgumentParser
internal import Server

/// `git zentoo queue cancel`
struct QueueCancel: Command {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Remove tuples from the queue and stop their running builds",
        discussion: "Packages that are already in the pool are not compiled again.")

    @Argument(help: "Tuples to cancel", completion: .queuedTuples)
    var tuples: [String] = []

    @Flag(help: "Cancel all waiting and running tuples")
    var all = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if all != tuples.isEmpty { throw ValidationError("name tuples, or use '--all'") }
    }

    func run(in context: CommandContext) async throws {
        let session = try await QueueSession.open(context, site)
        let queue = session.queue
        let named =
            all
            ? try [BuildQueue.State.waiting, .running].flatMap { try queue.items($0) }
                .map(\.entry.key) : tuples
        for name in Set(named).sorted() {
            let key = session.key(name)
            let waited = try queue.remove(key)
            let running = try queue.requestCancellation(key)
            if waited == nil, running == nil { throw session.absent(name, "waiting or running") }
            if waited != nil { context.output.status("'\(key)' waits no more") }
            if running != nil { context.output.status("'\(key)' is being stopped") }
        }
        session.feeder.wakeWorkers()
    }
}
