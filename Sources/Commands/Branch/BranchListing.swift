internal import Sites

/// The branches of a kind.
struct BranchListing: Report {
    let branches: [BranchEntry]

    var page: Page {
        var page = Page()
        var table = Table(
            .left("branch"), .left("commit"), .left("date"), .right("tuples"), .left("subject"))
        for branch in branches {
            table.row(
                "\(branch.ref, .name)", "\(branch.commit.prefix(12))",
                "\(branch.date.description.prefix(10))", "\(branch.tuples.count)",
                "\(branch.subject)")
        }
        page.table(table)
        return page
    }
}
