internal import ArgumentParser
internal import Upkeep

/// `git zentoo hook remove`
struct HookRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove the hooks; what they called is as it was before",
        discussion: "The settings stay: they do any repository good that others push to.")

    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let hooks = try await HookCommand.installer(in: context).remove()
        try context.output.report(RemovalSummary(hooks: hooks), as: format.format)
    }
}

private struct RemovalSummary: Report {
    let hooks: [HookInstaller.Result]

    var page: Page {
        var page = Page()
        for hook in hooks where hook.status.state == .missing && hook.change == .unchanged {
            page.line("hook \(hook.status.hook.rawValue, .name) is not installed")
        }
        for hook in hooks where hook.status.state != .missing || hook.change != .unchanged {
            hook.lines.forEach { page.line($0) }
        }
        return page
    }
}
