internal import ArgumentParser
internal import Server
internal import Sites

/// `git zentoo queue add`
struct QueueAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Queue what changed without a push, or the named tuples",
        discussion: """
            Without tuples, what has changed since anything was queued last: a commit made on \
            the server itself, such as that of 'sync', is queued as if it had been pushed.
            """)

    @Argument(help: "Tuples to queue, changed or not")
    var tuples: [String] = []

    @Flag(help: "Build them even though they are known to fail")
    var force = false

    @Option(help: ArgumentHelp("Higher is built earlier", valueName: "n"))
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
