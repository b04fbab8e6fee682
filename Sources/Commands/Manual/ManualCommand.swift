internal import ArgumentParser
internal import SystemPackage

/// `git zentoo manual`, called by config/make-manual when installing.
struct ManualCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Write the manual pages",
        discussion:
            "For packagers of git-zentoo. Installed pages are shown by 'git help zentoo'.",
        shouldDisplay: false)

    @Option(
        help: ArgumentHelp(
            "Include hand-written sections from <directory>/<page>.inc", valueName: "directory"))
    var prose: String?

    @Argument(help: "Write the pages to this directory, which must exist")
    var directory: String

    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        for page in try ManualPage.all(of: Tool.self) {
            let prose = try prose.flatMap { directory in
                try TextFile.read(context.resolve(directory).appending("\(page.name).inc"))
            }
            let file = context.resolve(directory).appending("\(page.name).1")
            try TextFile.write(page.rendered(prose: prose ?? ""), to: file)
            context.output.status("wrote \(file)")
        }
    }
}
