internal import ArgumentParser
internal import Server

/// `git zentoo queue retry`
struct QueueRetry: Command {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Build failed tuples again, even if nothing has changed",
        discussion: """
            A package that failed is not compiled again from the same inputs, because it would \
            fail again. This command builds it anyway, for instance after a disk was full.
            """)

    @Argument(help: "Tuples to retry", completion: .queuedTuples)
    var tuples: [String] = []

    @Flag(help: "Retry all failed tuples")
    var all = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if all != tuples.isEmpty { throw ValidationError("name tuples, or use '--all'") }
    }

    func run(in context: CommandContext) async throws {
        let session = try await QueueSession.open(context, site)
        let named = all ? try session.queue.items(.failed).map(\.entry.key) : tuples
        var seen: Set<String> = []
        for name in named where seen.insert(name).inserted {
            let key = session.key(name)
            guard try session.queue.retry(key, by: session.pusher) != nil else {
                throw session.absent(name, "among what failed")
            }
            context.output.status("'\(key)' waits to be built again")
        }
        session.feeder.wakeWorkers()
    }
}
