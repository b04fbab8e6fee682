internal import Records
internal import Upkeep

/// The result of `git zentoo hook install`.
struct HookSummary: Report {
    let hooks: [HookInstaller.Result]
    /// The settings that were added.
    let settings: [String]
    /// The settings whose values differ from the proposed ones.
    let kept: [String]

    init(_ installation: HookInstaller.Installation) {
        hooks = installation.hooks
        settings = installation.settings.map { "\($0.key)=\($0.value)" }
        kept = installation.kept.map { "\($0.key)=\($0.value)" }
    }

    var lines: [StyledText] {
        hooks.flatMap(\.lines) + settings.map { "set \($0)" } + kept.map { "kept \($0)" }
    }

    var page: Page {
        var page = Page()
        lines.forEach { page.line($0) }
        return page
    }
}

extension HookInstaller.Result {
    /// The change as text for users.
    var lines: [StyledText] {
        let name = status.hook.rawValue
        let done: StyledText =
            switch change {
            case .installed: "\("installed", .good) hook \(name, .name)"
            case .chained: "\("installed", .good) hook \(name, .name); the one that was there stays"
            case .updated: "\("updated", .good) hook \(name, .name)"
            case .unchanged:
                status.state == .installed
                    ? "hook \(name, .name) is installed" : "hook \(name, .name) is not ours"
            case .removed: "removed hook \(name, .name)"
            case .restored: "removed hook \(name, .name); '\(status.path)' is what it was before"
            }
        return [done] + status.more
    }
}

extension ServerHook.Status {
    /// The additional lines below a hook.
    var more: [StyledText] {
        guard state == .installed || state == .outdated, let first else { return [] }
        return ["  calls '\(first)' first"]
    }
}
