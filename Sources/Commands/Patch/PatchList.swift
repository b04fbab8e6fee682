internal import ArgumentParser
internal import Builds
internal import Roots
internal import Sites

/// `git zentoo patch list`
struct PatchList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the sources that are being patched")

    @Argument(help: "Name of the root; defaults to all roots", completion: .roots)
    var root: String?

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let names =
            try root.map { [try RootBranch(ZentooName($0), in: session.repository).name] }
            ?? RootBranch.names(in: session.repository)
        let survey = PatchSurvey(state: session.settings.state)
        var works: [PatchWork] = []
        for place in try names.flatMap({ try survey.places(in: $0) }) {
            do {
                works.append(try survey.work(at: place))
            } catch let error as ZentooError {
                // An unreadable one does not hide the others.
                context.output.error(ErrorReport(error))
            }
        }
        try context.output.report(PatchListing(patches: works), as: format.format)
    }
}

/// A list of the sources that are being patched.
struct PatchListing: Report {
    let patches: [PatchWork]

    var page: Page {
        var table = Table(
            .left("root"), .left("package"), .right("changed"), .left("state"), .left("source"))
        for work in patches {
            table.row(
                "\(work.root, .strong)", "\(work.version)", "\(work.changes.count)", work.state,
                "\(work.source)")
        }
        var page = Page()
        page.table(table)
        return page
    }
}

extension PatchWork {
    /// A short description of the state.
    fileprivate var state: StyledText {
        var words: [String] = []
        if let edited { words.append("editing \(edited)") }
        if changes.isEmpty { return "\((words + ["unchanged"]).joined(separator: ", "), .good)" }
        words.append(isTried ? "builds, not saved" : "not tried")
        return "\(words.joined(separator: ", "), .notice)"
    }
}
