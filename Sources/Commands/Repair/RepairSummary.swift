internal import Records
internal import Sites
internal import Upkeep

/// The result of `git zentoo repair`.
struct RepairSummary: Report {
    let repairs: Repair.Report
    /// The scratch directories that were removed.
    let removed: [String]

    var page: Page {
        var page = Page()
        for build in repairs.completed {
            page.line("\("completed", .good) the record of build \(build.build, .name)")
        }
        for build in repairs.abandoned {
            page.line("forgot build \(build, .name), which had recorded nothing")
        }
        for build in repairs.cancelled {
            page.line(
                "\("recorded", .good) what build \(build.build, .name) had made when it was killed")
        }
        for build in repairs.tagged {
            page.line(
                "\("tagged", .good) build \(build.build, .name) as \(build.tagName ?? "nothing")")
        }
        for name in repairs.latest { page.line("set \(name, .name)") }
        for root in repairs.roots { page.line("mended the work tree of root \(root.text, .name)") }
        for copy in repairs.copies {
            page.line("removed \(copy.path), which differed from \(copy.original)")
        }
        for path in removed + repairs.removed { page.line("removed \(path)") }
        for path in repairs.partial { page.line("removed partial file \(path) from the pool") }
        for directory in repairs.indexed { page.line("\("indexed", .good) \(directory, .name)") }
        page.line(
            """
            made the index anew: \(Amount.of(repairs.builds, "build")), \
            \(Amount.of(repairs.packages, "package"))
            """)
        for build in repairs.lost {
            page.line(
                "\("lost", .bad): the commit of build \(build, .name) is gone, no tag can hold it")
        }
        for obstacle in repairs.obstacles { page.line("\("not done", .bad): \(obstacle)") }
        return page
    }
}
