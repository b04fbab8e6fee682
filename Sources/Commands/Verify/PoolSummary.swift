internal import Zentoo

/// What a look at the pool has found.
struct PoolSummary: Report {
    let pool: PoolReport

    init(_ pool: PoolReport) { self.pool = pool }

    func encode(to encoder: any Encoder) throws { try pool.encode(to: encoder) }

    var page: Page {
        var page = Page()
        for problem in pool.problems {
            page.line("\(problem.kind.rawValue, .bad): \(problem.package.path)")
            page.line(
                "  recorded sha256 \(problem.package.sha256) by build \(problem.build, .name)")
            if let found = problem.found { page.line("  found    sha256 \(found)") }
        }
        for path in pool.unknown { page.line("\("unknown", .notice): \(path)") }
        var sentence = "\(Amount.of(pool.checked, "package")) checked"
        let missing = pool.problems.count { $0.kind == .missing }
        sentence += missing == 0 ? "" : ", \(missing) missing"
        let altered = pool.problems.count - missing
        sentence += altered == 0 ? "" : ", \(altered) altered"
        sentence += pool.unknown.isEmpty ? "" : ", \(pool.unknown.count) unknown"
        let isRight = pool.isIntact && pool.unknown.isEmpty
        page.line("\(isRight ? sentence + ": the pool is what the records say" : sentence)")
        if !pool.isIntact {
            page.line("\("hint:", .name) remove what is altered, and build the tuples again")
        }
        if !pool.unknown.isEmpty {
            page.line(
                """
                \("hint:", .name) no build has recorded the unknown ones: one that runs will, \
                and what a killed one left the next will record
                """)
        }
        return page
    }
}
