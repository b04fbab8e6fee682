internal import Sites

/// The contents of a portage or buildhooks branch.
struct BranchPage: Report {
    let contents: BranchContents

    func encode(to encoder: any Encoder) throws {
        try contents.encode(to: encoder)
    }

    var page: Page {
        var page = Page()
        let branch = contents.branch
        page.line("\(branch.ref, .strong) \(branch.commit.prefix(12), .name) \(branch.date)")
        page.line("  \(branch.subject)")
        if let profile = contents.profile { page.line("profile: \(profile)") }
        list("repositories", contents.repositories, on: &page)
        list("sets", contents.sets, on: &page)
        list(
            "files",
            contents.files.map { $0.isDirectory ? "\($0.name)/ (\($0.count))" : $0.name },
            on: &page)
        list("tuples", branch.tuples, on: &page)
        page.mistakes(contents.mistakes)
        return page
    }

    private func list(_ title: String, _ values: [String], on page: inout Page) {
        guard !values.isEmpty else { return }
        page.line("\(title):")
        for value in values { page.line("  \(value)") }
    }
}
