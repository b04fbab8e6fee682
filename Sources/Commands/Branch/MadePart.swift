/// A part of a site that was made.
struct MadePart: Report {
    /// What: a branch, or a file of the site's branch.
    let part: String
    /// The branch that got the commit.
    let branch: String
    /// The commit; nil when it was there already, just so.
    let commit: String?
    /// What it was made of.
    let origin: String?

    var page: Page {
        var page = Page()
        guard let commit else {
            page.line("\(part, .name) is there already and says just this")
            return page
        }
        let from = origin.map { " from \($0)" } ?? ""
        let place = part == branch ? "" : " on \(branch)"
        page.line("\(part, .name) made\(from): commit \(commit.prefix(12))\(place)")
        page.line("change it with 'git switch \(branch)', then commit")
        return page
    }
}
