internal import ArgumentParser
internal import Builds
internal import Sites

/// `git zentoo build`
struct BuildCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build tuples and record the results",
        discussion: """
            Composes each tuple into one commit. If the records show that the same tree was \
            built and its binary packages exist, the tuple is up to date. Otherwise Portage \
            compiles the packages that the pool lacks, in a clean root over the stage in which \
            no build hook has run, and they are added to the pool. The root is then assembled \
            from binary packages and the build hooks. Notes and a tag record which tuple made \
            which packages. With --root the configuration is taken from a root's branch; its \
            builds are tagged zentoo-root/NAME/N and never count as a tuple's latest.
            """)

    @Argument(help: "Tuples to build; defaults to the default tuple")
    var tuples: [String] = []

    @Flag(help: "Build all tuples of the site")
    var all = false

    @Option(
        help: ArgumentHelp("Build the head of this root's branch", valueName: "name"),
        completion: .roots)
    var root: String?

    @Option(
        name: .customShort("j", allowingJoined: true),
        help: ArgumentHelp("Build up to this many tuples at once", valueName: "n"))
    var jobs = 1

    @Flag(help: "Build tuples even if they are up to date")
    var force = false

    @Flag(name: .customLong("dry-run"), help: "Compose and plan, but build nothing")
    var dryRun = false

    @Flag(help: "Keep the assembled root, or the one in which a package failed")
    var keep = false

    @OptionGroup var engine: EngineOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    var resumption: [String] {
        ["run the same command again: what was compiled is in the pool and is not compiled again"]
    }

    func validate() throws {
        if all && !tuples.isEmpty {
            throw ValidationError("'--all' and tuples cannot be used together")
        }
        if root != nil && (all || !tuples.isEmpty) {
            throw ValidationError("'--root' and tuples cannot be used together")
        }
        if jobs < 1 { throw ValidationError("'-j' wants a number from 1") }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let options = BuildOptions(force: force, dryRun: dryRun, keepsRoot: keep)
        let names = try root.map { [$0] } ?? session.tuples(tuples, all: all)
        let known = try await session.upToDate(names, isRoot: root != nil, options)
        let reports =
            known.count == names.count
            ? names.compactMap { known[$0] }
            : try await build(names, known: known, options, session)
        try context.output.report(BuildSummary(builds: reports), as: format.format)
        let succeeded = reports.count { $0.status != .failed }
        if succeeded < names.count { throw NegativeAnswer() }
    }

    private func build(
        _ names: [String], known: [String: TupleReport], _ options: BuildOptions,
        _ session: Session
    ) async throws -> [TupleReport] {
        let machine = try await session.machine(engine)
        try await session.recover(machine)
        let isRoot = root != nil
        let siteOfRoot = try root.map { try session.root(named: $0, site).site.name }
        let builder = Builder(machine: machine, site: siteOfRoot ?? session.siteName)
        return try await BuildProgress.run(
            names, known: known, atOnce: jobs, output: session.context.output
        ) {
            isRoot
                ? try await builder.build(root: ZentooName($0), options: options, report: $1)
                : try await builder.build($0, options: options, report: $1)
        }
    }
}

extension Session {
    /// Returns the selected tuples: those named, all, the default one, or the
    /// only one.
    ///
    /// - Throws: `ZentooError` if none is named, there is no default tuple and
    ///   the site does not declare exactly one.
    func tuples(_ named: [String], all: Bool) throws -> [String] {
        // A tuple that is named twice is built once.
        var seen: Set<String> = []
        if !named.isEmpty { return named.filter { seen.insert($0).inserted } }
        let site = try site()
        // With those that cannot be read: that is an error of each.
        if all { return site.tuplesFile.declaredNames }
        let declared = site.declaredTuples.map(\.text)
        if let standard = settings.defaultTuple { return [standard] }
        guard declared.count == 1 else {
            throw ZentooError(
                declared.isEmpty ? .notFound : .ambiguous,
                declared.isEmpty
                    ? "site '\(siteName)' declares no tuple"
                    : "site '\(siteName)' has \(declared.count) tuples",
                hints: [
                    declared.isEmpty
                        ? "add a line to \(TuplesFile.path) on branch \(siteName)"
                        : "name one, or --all; 'git zentoo tuple list' lists them"
                ])
        }
        return declared
    }

    /// Returns the reports of the tuples that are up to date. Returns none if a
    /// killed build still has to be completed or cleaned up after, and none for
    /// a root, `--force` or `--dry-run`.
    fileprivate func upToDate(
        _ names: [String], isRoot: Bool, _ options: BuildOptions
    ) async throws -> [String: TupleReport] {
        guard !isRoot else { return [:] }
        try await warnOfOutdatedBranches(names)
        guard !options.force, !options.dryRun,
            try !Recovery.isDue(in: repository, settings.state)
        else { return [:] }
        return try await TupleStandings(site(storing: false), state: settings.state)
            .upToDate(among: names)
    }
}
