internal import ArgumentParser
internal import Server

/// `git zentoo queue retry`
struct QueueRetry: Command {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Build tuples again that have failed, though nothing of them has changed",
        discussion: """
            A package that failed is not compiled again from the same inputs, since it would \
            fail again. This builds it all the same, as after a disk was full.
            """)

    @Argument(help: "The tuples", completion: .queuedTuples)
    var tuples: [String] = []

    @Flag(help: "Everything that has failed")
    var all = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if all != tuples.isEmpty { throw ValidationError("name tuples, or use '--all'") }
    }

    func run(in context: CommandContext) async throws {
        let session = try await QueueSession.open(context, site)
        let named = all ? try session.queue.items(.failed).map(\.entry.key) : tuples
        for name in named {
            let key = session.key(name)
            guard try session.queue.retry(key, by: session.pusher) != nil else {
                throw session.absent(name, "among what failed")
            }
            context.output.status("'\(key)' waits to be built again")
        }
        session.feeder.wakeWorkers()
    }
}
