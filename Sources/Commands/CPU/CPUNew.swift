internal import ArgumentParser
internal import Edits
internal import Git
internal import Sites

/// `git zentoo cpu new`
struct CPUNew: Command {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Create a cpu for a named architecture",
        discussion: """
            Commits config/cpu/<name> to the site's branch. The machine that builds does not \
            need such a processor. On a machine that has one, 'git zentoo cpu detect --write' \
            finds more features.
            """)

    @Argument(help: ArgumentHelp("Name of the cpu in tuples, such as znver3", valueName: "cpu"))
    var name: String

    @Option(
        help: ArgumentHelp(
            "gcc's name for it; defaults to the cpu's name", valueName: "architecture"))
    var march: String?

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        let isWord = march?.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7f && !"\"'$\\`#".utf8.contains(byte)
        }
        if isWord == false { throw ValidationError("'\(march ?? "")' is not an architecture") }
        if march == "native" {
            throw ValidationError("'native' means another thing on every builder")
        }
    }

    func run(in context: CommandContext) async throws {
        let name = try ZentooName(name)
        let session = try await Session.open(context, site)
        let text = NewCPU.fragment(architecture: march ?? name.text)
        let commit = try await session.partMaker().makeCPU(name, Array(text.utf8))
        try context.output.report(
            MadePart(
                part: "config/cpu/\(name)", branch: session.siteName.text,
                commit: commit?.description, origin: nil), as: format.format)
    }
}
