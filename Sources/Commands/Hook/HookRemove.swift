internal import ArgumentParser
internal import Upkeep

/// `git zentoo hook remove`
struct HookRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove the hooks and restore the previous ones",
        discussion: "The settings are kept: they are useful in any repository that takes pushes.")

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
