internal import ArgumentParser
internal import Git
internal import Records
internal import SystemPackage

/// `git zentoo clone`
struct CloneCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "clone",
        abstract: "Clone a repository with its build records",
        discussion: """
            Works like 'git clone', but also fetches the notes and tags of builds, now and \
            with every later 'git fetch'. The clone can answer all questions about builds; it \
            needs neither local branches nor the pool.
            """)

    @Flag(help: "Create a bare repository, as on a server")
    var bare = false

    @Flag(help: "Create a mirror, with all references unchanged")
    var mirror = false

    @Argument(help: ArgumentHelp("Path or URL, as for 'git clone'", valueName: "repository"))
    var address: String

    @Argument(
        help: ArgumentHelp(
            "Target directory; defaults to the repository's name", valueName: "directory"))
    var directory: String?

    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if bare && mirror { throw ValidationError("'--bare' and '--mirror' exclude each other") }
    }

    func run(in context: CommandContext) async throws {
        let kind: SharedRepository.Kind = mirror ? .mirror : bare ? .bare : .standard
        let name = directory ?? CloneName.name(for: address, isBare: kind != .standard)
        guard let name, !name.isEmpty else {
            throw ValidationError("name a directory: '\(address)' does not tell one")
        }
        let git = GitProgram(environment: context.environment)
        let place = context.resolve(name)
        let identity = try await Session.identity(git: git, gitDirectory: nil)
        let report = try await context.output.withProgress("cloning '\(address)'") { meter in
            meter.update { _ in }
            _ = try await SharedRepository.clone(
                address, to: place, as: kind, from: context.workingDirectory, git: git)
            let repository = try Repository.open(place)
            return try await RecordMerge(repository, signer: nil, identity: identity)
                .run(SharedRepository.origin)
        }
        let records = try ResultReader(Repository.open(place))
        try context.output.report(
            CloneSummary(
                repository: place.string, tuples: try records.whence.series().count,
                builds: try records.whence.results(beginningWith: "").count, merge: report),
            as: format.format)
    }
}

private struct CloneSummary: Report {
    let repository: String
    /// The number of tuples that have recorded builds.
    let tuples: Int
    let builds: Int
    let merge: RecordMerge.Report

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(repository, forKey: .repository)
        try fields.encode(tuples, forKey: .tuples)
        try fields.encode(builds, forKey: .builds)
    }

    private enum CodingKeys: CodingKey { case repository, tuples, builds }

    var page: Page {
        var page = Page()
        page.line(
            """
            \(repository): \(Amount.of(builds, "build")) of \(Amount.of(tuples, "tuple")) \
            recorded
            """)
        for obstacle in merge.obstacles { page.line("\("not done", .bad): \(obstacle)") }
        return page
    }
}
