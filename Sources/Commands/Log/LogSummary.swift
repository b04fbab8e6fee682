internal import Records
internal import Sites

/// A list of builds.
struct LogSummary: Report {
    let builds: [BuildEntry]
    let now: Timestamp

    private enum CodingKeys: CodingKey { case builds }

    var page: Page {
        let names = BuildNames(builds.map(\.result.build))
        var table = Table(.left("build"), .left("began"), .left("tuple"), .left("result"))
        for entry in builds {
            let result = entry.result
            table.row(
                "\(names.short(result.build), .name)",
                "\(RelativeTime.text(result.started, now: now))", "\(entry.shownName)",
                entry.outcome)
        }
        var page = Page()
        page.table(table)
        return page
    }
}

extension BuildEntry {
    /// The short name by which users refer to a build:
    /// `znver3-base-default-router@7`; for a build without a tag the tuple,
    /// root or stage alone.
    var shownName: String {
        let series = result.series
        let name = series.root?.text ?? series.stage?.text ?? series.tuple
        guard let number = tag?.split(separator: "/").last else { return name }
        return "\(name)@\(number)"
    }

    /// A short description of how the build ended.
    var outcome: StyledText {
        let time = Amount.time(result.durationSeconds)
        switch result.status {
        case .success where result.stampedFrom != nil:
            return "\("stamped", .good): \(Amount.of(result.packageCount, "package"))"
        case .success:
            let packages = Amount.of(result.packageCount, "package")
            let emulated: StyledText = result.emulator == nil ? "" : ", \("emulated", .notice)"
            let found = result.foundCount == 0 ? "" : ", \(result.foundCount) found"
            return
                "\("built", .good): \(packages), \(result.madeCount) made\(found), in \(time)\(emulated)"
        case .cancelled:
            return "\("cancelled", .notice) after \(time)"
        case .failure:
            return "\("failed", .bad) \(result.failure?.place ?? "") after \(time)"
        }
    }
}

extension BuildResult.Failure {
    /// `in compile of sys-apps/sed-4.9`.
    var place: String { "in \(phase)" + (package.map { " of \($0)" } ?? "") }
}

extension BuildResult.Distribution {
    /// `2 compilers did 40 compilations`.
    var text: String {
        let rest = missed == 0 ? "" : ", the builder itself \(missed) more"
        return
            "\(Amount.of(compilers, "compiler")) did \(Amount.of(compiled, "compilation"))\(rest)"
    }
}
