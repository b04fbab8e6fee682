internal import ArgumentParser
internal import Builds
internal import Roots
internal import Sites
internal import SystemPackage

/// `git zentoo enter`
struct EnterCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "enter",
        abstract: "Start a shell in a root, or run one command in it",
        discussion: """
            /etc/portage is the work tree of the root's branch and can be edited inside and \
            outside. All other changes are discarded at the end of the session unless '--keep' \
            is given. Sources from 'git zentoo patch prep' are below /run/zentoo/patch. emerge \
            uses packages from the pool, and keeps what it compiles for later sessions. At the \
            end, a compiled package is added to the pool if it is proved to equal what a build \
            of the root's commit would compile; for each other package, the reason why it is \
            kept as the root's own is printed. The exit status is that of the shell or \
            command.
            """)

    @Argument(help: "Name of the root", completion: .roots)
    var name: String

    @Flag(help: "Keep the changes to the root for the next session")
    var keep = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("Command to run instead of a shell", valueName: "command"))
    var command: [String] = []

    @OptionGroup var engine: EngineOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let machine = try await session.machine(engine)
        let options = SessionOptions(
            command: command,
            isInteractive: Platform.isTerminal(.standardInput)
                && Platform.isTerminal(.standardOutput),
            terminal: context.environment["TERM"], keeps: keep)
        let root = RootSession(
            machine: machine, sites: try session.sites(), preferred: session.siteName)
        let report = try await root.enter(ZentooName(name), options: options) { event in
            Self.show(event, context.output)
        }
        for path in report.packages.adopted {
            context.output.status("adopted \(path) into the pool")
        }
        for package in report.packages.kept {
            context.output.status("\(package.path) stays the root's own: \(package.reason)")
        }
        if report.status != 0 { throw CommandEnded(status: report.status) }
    }

    /// Shows an event without a live line, as the session uses the terminal.
    private static func show(_ event: BuildEvent, _ output: Output) {
        switch event {
        case .preparing(let what): output.status("preparing \(what)")
        case .unsandboxed(let feature): output.warning("Portage built without \(feature)")
        case .warning(let text): output.warning("\(text)")
        default: break
        }
    }
}
