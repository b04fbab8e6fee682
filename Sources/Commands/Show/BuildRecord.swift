internal import Git
internal import Records
internal import Sites

/// Everything that is known about a build.
struct BuildRecord: Report {
    let result: BuildResult
    let tag: String?
    let configuration: BuildConfiguration?
    let packages: [RecordedPackage]
    /// The path of the whole log; nil if this machine does not have it.
    let log: String?
    let now: Timestamp

    private enum CodingKeys: CodingKey { case result, tag, configuration, packages, log }

    init(
        _ report: BuildReport, configuration: BuildConfiguration?, log: String?, now: Timestamp
    ) {
        result = report.result
        tag = report.tag
        packages = report.packages
        self.configuration = configuration
        self.log = log
        self.now = now
    }

    var page: Page {
        var page = Page()
        let entry = BuildEntry(result: result, tag: tag)
        page.line("build \(result.build, .name)\(tag.map { " (\($0))" } ?? "")")
        func field(_ name: String, _ value: StyledText) {
            page.line("\(name.padded(to: 12))\(value)")
        }
        field("Tuple:", "\(result.series.tuple), site \(result.series.site)")
        if let root = result.series.root { field("Root:", "\(root)") }
        if let stage = result.series.stage { field("Bootstraps:", "stage \(stage)") }
        field("Result:", entry.outcome)
        field("Began:", "\(result.started) (\(RelativeTime.text(result.started, now: now)))")
        field("Builder:", "\(result.tagger.name) <\(result.tagger.email)>, engine \(result.engine)")
        if let original = result.stampedFrom { field("Built as:", "\(original, .name)") }
        field("Commit:", "\(result.commit, .name), tree \(result.tree)")
        for source in configuration?.sources ?? [] {
            field(
                "",
                "\(source.kind.rawValue) \(short(source.commit.id), .name) \(source.commit.subject)"
            )
        }
        if configuration == nil { field("", "no longer in this repository") }
        let stage = configuration?.stage.map { "\($0.name) " } ?? ""
        field("Stage:", "\(stage)sha256:\(result.stage)")
        for repository in configuration?.repositories ?? [] {
            field("Repository:", "\(repository.name) \(repository.revision)")
        }
        if let archive = result.archive {
            field("Made:", "sha256:\(archive.sha256), \(Amount.bytes(archive.size))")
        }
        field("Flavour:", "\(result.chost)/\(result.flavour)")
        if !result.unsandboxed.isEmpty {
            field("Without:", "\(result.unsandboxed.joined(separator: ", "), .notice)")
        }
        if let emulator = result.emulator { field("Emulated:", "by \(emulator, .notice)") }
        if let distribution = result.distribution { field("distcc:", "\(distribution.text)") }
        field("Log:", "\(log.map { "zstdless \($0)" } ?? "not on this machine")")
        addPackages(to: &page)
        return page
    }

    private func addPackages(to page: inout Page) {
        guard !packages.isEmpty else { return }
        page.line()
        var table = Table(
            .left("how"), .left("package"), .right("build"), .left("slot"), .right("size"),
            .right("took"), .left("use"))
        for package in packages {
            table.row(
                "\(package.disposition.rawValue)", "\(package.cpv)", "\(package.buildNumber)",
                "\(package.slot)", "\(Amount.bytes(package.size))",
                "\(package.durationSeconds.map(Amount.time) ?? "")",
                "\(package.use.joined(separator: " "))")
        }
        page.table(table)
    }

    private func short(_ id: ObjectID) -> String { String(id.description.prefix(12)) }
}

extension String {
    /// Returns the string padded with blanks to `width`, but with at least one.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - DisplayWidth.of(self)))
    }
}
