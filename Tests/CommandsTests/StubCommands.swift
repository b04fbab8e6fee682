import ArgumentParser
import Engines
import Exec
import SystemPackage

@testable import Commands

/// A tree of commands that end in every way that a command can.
struct StubTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "git-zentoo", abstract: "Stub",
        subcommands: [
            Answer.self, Refuse.self, Fail.self, Sleep.self, Strange.self, Group.self,
            Validate.self,
        ])

    struct Answer: Command {
        @OptionGroup var format: FormatOptions
        @OptionGroup var site: SiteOptions
        @OptionGroup var global: GlobalOptions
        func run(in context: CommandContext) async throws {
            context.output.status("looking")
            context.output.detail("closely")
            context.output.warning("branch 'portage/base' is behind 'origin/portage/base'")
            try context.output.report(
                Numbers(site: site.name ?? "main", answer: 42), as: format.format)
        }
    }

    /// The work was done, and the answer is no.
    struct Refuse: Command {
        @OptionGroup var global: GlobalOptions
        func run(in context: CommandContext) async throws {
            context.output.result("1 package is not what it claims to be\n")
            throw NegativeAnswer()
        }
    }

    struct Fail: Command {
        @OptionGroup var global: GlobalOptions
        func run(in context: CommandContext) async throws {
            throw EngineError(
                .unavailable, "cannot find program 'bwrap'",
                hints: ["emerge sys-apps/bubblewrap", "apt-get install bubblewrap"])
        }
    }

    /// An error without a description of its own.
    struct Strange: Command {
        @OptionGroup var global: GlobalOptions
        func run(in context: CommandContext) async throws { throw Errno.noSpace }
    }

    struct Validate: Command {
        @OptionGroup var global: GlobalOptions
        @Argument var tuple: String
        func run(in context: CommandContext) async throws {
            throw ValidationError("tuple '\(tuple)' fits two declarations")
        }
    }

    /// Runs until it is cancelled.
    struct Sleep: Command {
        @OptionGroup var global: GlobalOptions
        var resumption: [String] { ["go on with 'git zentoo sleep'; what was slept is kept"] }
        func run(in context: CommandContext) async throws {
            try await Task.sleep(for: .seconds(86_400))
        }
    }

    struct Group: AsyncParsableCommand {
        static let configuration = CommandConfiguration(subcommands: [Inner.self])
        struct Inner: Command {
            @OptionGroup var global: GlobalOptions
            func run(in context: CommandContext) async throws {}
        }
    }
}

struct Numbers: Report {
    let site: String
    let answer: Int

    var page: Page {
        var page = Page()
        page.line("site \(site, .name): \(answer, .good)")
        return page
    }
}
