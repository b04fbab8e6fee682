/// A newly created part of a site.
struct MadePart: Report {
    /// The part: a branch, or a file on the site's branch.
    let part: String
    /// The branch that got the commit.
    let branch: String
    /// The commit; nil if the part already existed with the same content.
    let commit: String?
    /// The source it was created from; nil if there is none.
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
