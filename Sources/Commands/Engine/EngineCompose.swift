internal import ArgumentParser
internal import Builds
internal import Git
internal import Records
internal import Roots

/// `git zentoo engine compose`
struct EngineCompose: Command {
    static let configuration = CommandConfiguration(
        commandName: "compose",
        abstract: "Print a docker compose file with a shell for each stage and tuple",
        discussion: """
            With this file, 'docker compose -f config/compose.yaml run --rm shell-NAME' starts \
            a shell, without git zentoo, in a container of the image that jobs of that stage \
            or tuple use. Distfiles are writable; binary packages and ebuild repositories are \
            read-only. If the state directory of a machine is not /var/lib/zentoo/SITE, set \
            ZENTOO_STATE, ZENTOO_POOL and ZENTOO_DISTFILES there. The image of a stage is \
            created by the first job of that stage on the engine 'docker'.
            """)

    @Flag(help: "Commit the file to the site's branch as config/compose.yaml")
    var write = false

    @Flag(help: "Only check whether the site's file is up to date; the status is 1 if not")
    var check = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if write && check {
            throw ValidationError("options '--write' and '--check' cannot be used together")
        }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let file = try ShellFile(
            session.site(storing: false), ResultReader(session.repository))
        if check { return try self.check(file, in: context) }
        guard write else {
            return context.output.result(file.text)
        }
        let editor = SiteEditor(try session.site(), machine: try await session.machine())
        let isNew = try await editor.write(file)
        context.output.status(isNew ? "wrote \(ShellFile.path)" : "\(ShellFile.path) is up to date")
        let settings = file.settings(of: session.settings.state)
        if !settings.isEmpty {
            context.output.hint("on this machine: \(settings.joined(separator: " "))")
        }
    }

    private func check(_ file: ShellFile, in context: CommandContext) throws {
        guard file.isCurrent else {
            context.output.warning("\(ShellFile.path) is not what would be made now")
            context.output.hint("git zentoo engine compose --write")
            throw NegativeAnswer()
        }
    }
}
