internal import Records

/// The result of verifying the pool.
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
        for problem in pool.stageProblems {
            page.line("\(problem.kind.rawValue, .bad): stages/\(problem.sha256).tar.zst")
            page.line("  recorded as stage \(problem.stage) by build \(problem.build, .name)")
            if let found = problem.found { page.line("  found    sha256 \(found)") }
        }
        for state in pool.directories {
            page.line(
                """
                \("damaged", .bad): \(state.directory, .name): \
                \(state.problems.joined(separator: "; "))
                """)
            for path in state.partial { page.line("  partial: \(path)") }
            for path in state.stale { page.line("  not there as indexed: \(path)") }
            if !state.lacksIndex {
                for path in state.unindexed { page.line("  not indexed: \(path)") }
            }
        }
        for copy in pool.alteredCopies {
            page.line("\("altered", .bad): \(copy.path), a copy of \(copy.original)")
        }
        for path in pool.unknown { page.line("\("unknown", .notice): \(path)") }
        var sentence = "\(Amount.of(pool.checked, "package"))"
        if pool.checkedStages > 0 { sentence += " and \(Amount.of(pool.checkedStages, "stage"))" }
        sentence += " checked"
        let kinds = pool.problems.map(\.kind) + pool.stageProblems.map(\.kind)
        let missing = kinds.count { $0 == .missing }
        sentence += missing == 0 ? "" : ", \(missing) missing"
        let altered = kinds.count - missing
        sentence += altered == 0 ? "" : ", \(altered) altered"
        sentence += pool.unknown.isEmpty ? "" : ", \(pool.unknown.count) unknown"
        let damaged = pool.directories.count
        if damaged > 0 {
            sentence += ", \(Amount.of(damaged, "damaged directory", "damaged directories"))"
        }
        if !pool.alteredCopies.isEmpty {
            sentence += ", \(pool.alteredCopies.count) altered in the state directory"
        }
        let isRight = pool.isRight
        page.line("\(isRight ? sentence + ": the pool is what the records say" : sentence)")
        if !pool.isIntact {
            page.line(
                """
                \("hint:", .name) 'git zentoo build' of the tuples puts what is altered into \
                quarantine, and compiles it again
                """)
        }
        if !pool.directories.isEmpty { page.line("\("hint:", .name) git zentoo repair") }
        if !pool.alteredCopies.isEmpty {
            page.line(
                """
                \("hint:", .name) 'git zentoo repair' removes altered copies, and builds make \
                them again; build again what was built with them
                """)
        }
        if !pool.unknown.isEmpty {
            page.line(
                """
                \("hint:", .name) no build has recorded the unknown ones: one that runs will; \
                'git zentoo repair' records what killed ones left; a build that uses others \
                records that it found them
                """)
        }
        return page
    }
}
