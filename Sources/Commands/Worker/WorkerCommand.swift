internal import ArgumentParser
internal import Builds
internal import Git
internal import Server
internal import Sites

/// `git zentoo worker`
struct WorkerCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Build queued tuples until stopped",
        discussion: """
            Takes entries from the queue in order and builds them. When it is stopped it \
            returns unfinished entries to the queue; when it is killed, the next worker does. \
            In both cases nothing is compiled twice. Under systemd it reports its state; units \
            are in share/git-zentoo/systemd. The result of each entry is passed, as JSON on \
            standard input, to the programs named by zentoo.notify.
            """)

    @Flag(
        help: ArgumentHelp(
            "Exit when no more builds can be started",
            discussion: "The status is 1 if a build failed or an entry is still waiting."))
    var once = false

    @Option(
        name: .customShort("j", allowingJoined: true),
        help: ArgumentHelp("Build up to this many tuples at once", valueName: "n"))
    var jobs = 1

    @OptionGroup var engine: EngineOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if jobs < 1 { throw ValidationError("'-j' wants a number from 1") }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.openAsOwner(context, site)
        let machine = try await session.machine(engine)
        try await session.recover(machine)
        var options = Worker.Options()
        options.jobs = jobs
        options.endsWhenIdle = once
        options.stopsSuperseded = try session.stopsSuperseded
        let log = WorkerLog(
            output: context.output, manager: ServiceManager(environment: context.environment),
            notifiers: try Notifiers(session))
        let worker = Worker(
            machine: machine, sites: try session.settings.served(in: session.repository),
            options: options, report: { await log.tell($0) })
        let isClean = try await log.whileRunning { try await worker.run() }
        if once, !isClean { throw NegativeAnswer() }
    }
}

extension Session {
    /// Whether a build is stopped when its tuple has a newer commit
    /// (`zentoo.superseded`).
    fileprivate var stopsSuperseded: Bool {
        get throws {
            switch configuration.string("zentoo.superseded") {
            case nil, "finish": return false
            case "stop": return true
            case let other?:
                throw ZentooError(
                    .unsupported, "zentoo.superseded is '\(other)'",
                    hints: ["git config zentoo.superseded finish, or stop"])
            }
        }
    }
}
