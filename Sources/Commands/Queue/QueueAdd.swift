internal import ArgumentParser
internal import Server
internal import Sites

/// `git zentoo queue add`
struct QueueAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Queue the named tuples, or all that changed without a push",
        discussion: """
            Without arguments, queues all tuples that have changed since tuples were last \
            queued. A commit that was created on the server itself, such as that of 'sync', is \
            thus queued as if it had been pushed.
            """)

    @Argument(help: "Tuples to queue, even if unchanged")
    var tuples: [String] = []

    @Flag(help: "Build them even if they are known to fail")
    var force = false

    @Option(help: ArgumentHelp("Priority; higher is built earlier", valueName: "n"))
    var priority = 0

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if force && tuples.isEmpty { throw ValidationError("'--force' wants tuples") }
        guard PushOptions.priorities.contains(priority) else {
            throw ValidationError("'--priority' wants a number from -100 to 100")
        }
    }

    func run(in context: CommandContext) async throws {
        let session = try await QueueSession.open(context, site)
        let outcomes: [QueueFeeder.Outcome]
        if tuples.isEmpty {
            var options = PushOptions()
            options.priority = priority
            outcomes = try await session.feeder.feedChanges(by: session.pusher, options: options)
        } else {
            let site = try session.session.site()
            outcomes = try await session.feeder.feed(
                tuples.map { try site.tuple(named: $0) }, of: site, by: session.pusher,
                priority: priority, isForced: force)
        }
        try context.output.report(
            QueuedPage(outcomes: outcomes, pause: session.queue.pause()), as: format.format)
        if outcomes.isEmpty { context.output.status("nothing has changed") }
    }
}
