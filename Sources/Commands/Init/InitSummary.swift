internal import Git
internal import Records
internal import Sites
internal import SystemPackage
internal import Upkeep

/// The result of `git zentoo init`, and the next steps.
struct InitSummary: Report {
    let repository: String
    let isNewRepository: Bool
    let site: String
    let branches: [SiteInitializer.NewBranch]
    let kept: [String]
    let settings: [String]
    /// The result of `git zentoo hook install`, for a bare repository.
    let hooks: HookSummary?

    init(_ result: SiteInitializer.Result, isNew: Bool, repository: Repository) {
        self.repository = (repository.workingDirectory ?? repository.gitDirectory).string
        isNewRepository = isNew
        site = result.site.text
        branches = result.branches
        kept = result.kept
        settings = result.settings.map { "\($0.key)=\($0.value)" }
        hooks = result.hooks.map { HookSummary($0) }
    }

    var page: Page {
        var page = Page()
        page.line(
            isNewRepository
                ? "Made the repository \(repository) with site '\(site)':"
                : branches.isEmpty
                    ? "Site '\(site)' in \(repository) is as it was:"
                    : "Made site '\(site)' in \(repository):")
        for branch in branches {
            let files = branch.files == 1 ? "1 file" : "\(branch.files) files"
            page.line("  \(branch.name, .name) \(branch.commit.prefix(12)), \(files)")
        }
        for name in kept { page.line("  \(name, .name) was there") }
        for setting in settings { page.line("  set \(setting)") }
        hooks?.lines.forEach { page.line("  \($0)") }
        guard !branches.isEmpty else { return page }
        page.line()
        page.line("Next:")
        page.line("  git zentoo stage add amd64-openrc PATH|URL")
        page.line("  git zentoo sync")
        page.line("  git zentoo tuple check")
        page.line("  git zentoo build")
        return page
    }
}
