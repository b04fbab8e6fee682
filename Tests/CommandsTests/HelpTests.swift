import ArgumentParser
import TestSupport
import Testing

@testable import Commands

@Suite struct HelpTests {
    /// The words that name each command.
    static let commands: [[String]] = all(below: Tool.self, named: [])

    private static func all(
        below command: any ParsableCommand.Type, named words: [String]
    ) -> [[String]] {
        [words]
            + command.configuration.subcommands.flatMap { subcommand in
                all(below: subcommand, named: words + [subcommand._commandName])
            }
    }

    @Test(arguments: commands)
    func helpMatchesSnapshot(words: [String]) async throws {
        let result = await run(words + ["-h"])
        try assertSnapshot(
            result, named: (["help/git-zentoo"] + words).joined(separator: "-"))
    }

    /// A flag has the same meaning and spelling in every command; help is
    /// imperative and ends without a full stop.
    @Test func helpFollowsStyle() throws {
        func check(_ command: CommandDescription) {
            let abstract = command.abstract ?? ""
            #expect(!abstract.isEmpty, "'\(command.commandName)' has no help")
            #expect(!abstract.hasSuffix("."), "'\(command.commandName)' ends in a full stop")
            for argument in command.visibleArguments where !argument.isBuiltIn {
                let help = argument.abstract ?? ""
                let name = "'\(command.commandName)', \(argument.valueName ?? "")"
                #expect(!help.isEmpty, "\(name) has no help")
                #expect(!help.hasSuffix("."), "\(name) ends in a full stop")
            }
            command.visibleSubcommands.forEach(check)
        }
        check(try CommandDescription.tree(of: Tool.self))
    }

    @Test func manualPagesMatchSnapshots() throws {
        for page in try ManualPage.all(of: Tool.self) {
            try assertSnapshot(page.rendered(prose: ""), named: "manual/\(page.name)")
        }
    }

    @Test func manualProsePrecedesSeeAlso() throws {
        let page = try #require(try ManualPage.all(of: Tool.self).first)
        let text = page.rendered(prose: ".SH FILES\nconfig/tuples\n")
        #expect(text.contains(".SH FILES\nconfig/tuples\n.SH SEE ALSO\n"))
    }

    @Test func manualTextIsEscaped() {
        #expect(ManualText.escaped(".config") == "\\&.config")
        #expect(ManualText.escaped("a\\b --c") == "a\\eb \\-\\-c")
    }
}
