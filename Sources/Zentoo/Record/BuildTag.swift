internal import Git

/// The tags of a series of builds.
struct BuildTag {
    /// Its number in the series.
    let number: Int
    /// The tag object.
    let id: ObjectID
    /// The build that the tag's message names; nil for a tag that somebody
    /// else made.
    let build: BuildID?

    private static let buildKey = "Build: "

    /// The tag for a build, to be written and signed.
    ///
    /// - Throws: ``GitError`` when the tagger could not sign a tag.
    static func make(_ result: BuildResult, number: Int) throws -> AnnotatedTag {
        try AnnotatedTag(
            name: result.series.tagName(number), target: result.commit, tagger: result.tagger,
            message: """
                \(result.series): \(result.packageCount) packages, \(result.madeCount) made

                \(buildKey)\(result.build)
                Tree: \(result.tree)
                Packages: \(result.packageCount)
                Made: \(result.madeCount)
                Duration: \(result.durationSeconds)
                \(result.archive.map { "Stage: sha256:\($0.sha256)\n" } ?? "")
                """)
    }

    /// The build that a tag tells of.
    static func build(of tag: AnnotatedTag) -> BuildID? {
        tag.message.split(separator: "\n").first { $0.hasPrefix(buildKey) }
            .flatMap { BuildID(String($0.dropFirst(buildKey.count))) }
    }

    /// The numbers of the series' tags with the tag objects, newest first.
    static func numbers(
        of series: BuildSeries, in repository: Repository
    ) throws -> [(number: Int, id: ObjectID)] {
        try repository.references(under: "refs/tags/" + series.tagPrefix)
            .compactMap { name, id in series.number(of: name).map { (number: $0, id: id) } }
            .sorted { $0.number > $1.number }
    }

    /// The series' tags, newest first, read one by one as they are asked for.
    static func tags(
        of series: BuildSeries, in repository: Repository
    ) throws -> some Sequence<Result<BuildTag, any Error>> {
        try numbers(of: series, in: repository).lazy.map { number, id in
            Result {
                let build = try repository.tag(id).flatMap { Self.build(of: $0) }
                return BuildTag(number: number, id: id, build: build)
            }
        }
    }

    /// The tag of one build; nil when it has none.
    static func tag(
        of build: BuildID, in series: BuildSeries, _ repository: Repository
    ) throws -> BuildTag? {
        for tag in try tags(of: series, in: repository) where try tag.get().build == build {
            return try tag.get()
        }
        return nil
    }
}
