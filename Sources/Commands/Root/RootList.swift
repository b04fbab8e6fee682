internal import ArgumentParser
internal import Builds
internal import Git
internal import Roots
internal import Sites

/// `git zentoo root list`
struct RootList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the roots and their state")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let survey = RootSurvey(session.repository, state: session.settings.state)
        var roots: [RootState] = []
        for name in try survey.names() {
            do {
                roots.append(try survey.state(of: name))
            } catch let error as ZentooError {
                // An unreadable one does not hide the others.
                context.output.error(ErrorReport(error))
            }
        }
        try context.output.report(RootListing(roots: roots), as: format.format)
    }
}

/// A list of roots.
struct RootListing: Report {
    let roots: [RootState]

    var page: Page {
        var table = Table(
            .left("root"), .left("tuple"), .left("base"), .right("ahead"), .right("packages"),
            .left("state"))
        for root in roots {
            table.row(
                "\(root.name.text, .strong)", "\(root.tuple)",
                "\(String(root.base.description.prefix(12)), .name)", "\(root.ahead)",
                "\(root.packages.count)", root.shortState)
        }
        var page = Page()
        page.table(table)
        return page
    }
}

extension RootState {
    /// A short description of the state.
    fileprivate var shortState: StyledText {
        var words: [String] = []
        if holder != nil { words.append("in use") }
        if obstacle != nil { words.append("on another branch") }
        switch changes?.count {
        case nil: words.append("not checked out")
        case 0: break
        case let count?: words.append("\(count) changed")
        }
        if patches.contains(where: { !$0.changes.isEmpty }) {
            words.append("unsaved patch work")
        } else if !patches.isEmpty {
            words.append("patch work")
        }
        if isKept { words.append("kept") }
        return words.isEmpty ? "\("clean", .good)" : "\(words.joined(separator: ", "), .notice)"
    }
}
