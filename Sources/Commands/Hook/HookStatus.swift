internal import ArgumentParser
internal import Git
internal import Records
internal import Upkeep

/// `git zentoo hook status`
struct HookStatus: Command {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether the hooks and settings of a server are installed",
        discussion: "The status is 1 if something is missing or has another version.")

    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let repository = try context.repository()
        let git = GitProgram(environment: context.environment)
        let hooks = try await HookInstaller(repository, git: git).statuses()
        let settings = try await RepositorySettings(
            git: git, gitDirectory: repository.commonDirectory
        ).surveyServer()
        let page = HookPage(
            hooks: hooks, missing: settings.missing.map { "\($0.key)=\($0.value)" },
            kept: settings.other.map { "\($0.key)=\($0.value)" })
        try context.output.report(page, as: format.format)
        if !page.isComplete { throw NegativeAnswer() }
    }
}

private struct HookPage: Report {
    let hooks: [ServerHook.Status]
    /// The settings that are missing.
    let missing: [String]
    /// The settings whose values differ from the proposed ones.
    let kept: [String]

    var isComplete: Bool { missing.isEmpty && hooks.allSatisfy { $0.state == .installed } }

    var page: Page {
        var page = Page()
        for hook in hooks {
            let name = hook.hook.rawValue
            switch hook.state {
            case .installed: page.line("hook \(name, .name) is \("installed", .good)")
            case .outdated:
                page.line("hook \(name, .name) is \("of another version", .notice)")
            case .missing: page.line("hook \(name, .name) is \("missing", .bad)")
            case .foreign: page.line("hook \(name, .name) is \("not ours", .bad)")
            }
            hook.more.forEach { page.line($0) }
        }
        for setting in missing { page.line("setting \(setting) is \("missing", .bad)") }
        for setting in kept { page.line("setting \(setting) stays as it is") }
        if !isComplete { page.line("\("hint:", .name) git zentoo hook install") }
        return page
    }
}
