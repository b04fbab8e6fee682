internal import Builds
internal import Git
internal import Records

/// The results of building tuples.
struct BuildSummary: Report {
    let builds: [TupleReport]

    var page: Page {
        var page = Page()
        for build in builds {
            switch build.status {
            case .upToDate:
                page.line("\(build.subject): up to date (\(build.tag ?? "no tag"))")
            case .stamped:
                page.line(
                    "\(build.subject): the same was built before, now \(build.tag ?? "no tag")")
            case .built:
                page.line(
                    """
                    \(build.subject): \(build.tag ?? "recorded") - \
                    \(PackageCounts.text(build.packages)) in \(Self.time(build.durationSeconds))
                    """)
            case .planned:
                add(build.plan, of: build, to: &page)
            case .failed:
                addFailure(of: build, to: &page)
            }
            if let reason = build.merge?.reasonForEmerge {
                page.line("  merged by emerge: \(reason)")
            }
            if let root = build.root { page.line("  root kept at \(root)") }
        }
        return page
    }

    private func add(_ plan: MergePlan?, of build: TupleReport, to page: inout Page) {
        page.line("\(build.subject): commit \(build.commit.description)")
        var table = Table(.left("from"), .left("package"), .left("build"), .left("flags"))
        for entry in plan?.entries ?? [] {
            table.row(
                entry.source == .build ? "compile" : "pool", "\(entry.cpv)",
                "\(entry.buildNumber.map(String.init) ?? "")", "\(entry.flags)")
        }
        page.table(table)
        for remark in plan?.remarks ?? [] { page.line("\(remark)") }
    }

    private func addFailure(of build: TupleReport, to page: inout Page) {
        let failure = build.failure
        if failure?.phase == BuildResult.Failure.noSpace {
            page.line("\(build.subject): failed, no space was left on the disk")
            if let full = build.fullPlace {
                page.line("  \(full.description)")
                for hint in full.hints { page.line("\("hint:", .name) \(hint)") }
            }
        } else if failure?.phase == BuildResult.Failure.noMemory {
            let package = failure?.package.map { " when it made \($0)" } ?? ""
            page.line("\(build.subject): failed, the memory it may use was full\(package)")
        } else {
            page.line(
                """
                \(build.subject): failed in \(failure?.phase ?? "?")\
                \(failure?.package.map { " of \($0)" } ?? "")\
                \(build.exitStatus.map { " with status \(String($0))" } ?? "")
                """)
        }
        for other in build.failedPackages where other.package != failure?.package {
            page.line("  also failed: \(other.package) in \(other.phase)")
        }
        if !build.droppedPackages.isEmpty {
            page.line("  not compiled: \(build.droppedPackages.joined(separator: ", "))")
        }
        for line in build.lastLines { page.line("  \(line)") }
        if let log = build.log { page.line("  the whole log: zstdless \(log)") }
        if build.root == nil, build.bootstrap == nil {
            page.line("  to look at the root, build again with --keep")
        }
    }

    private static func time(_ seconds: Int) -> String { "\(seconds) s" }
}

extension TupleReport {
    /// The name of what was built: a stage, a root's branch or a tuple.
    fileprivate var subject: String { bootstrap.map { "stage \($0)" } ?? branch ?? tuple }
}
