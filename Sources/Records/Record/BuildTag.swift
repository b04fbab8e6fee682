internal import Git

/// A tag of a series of builds.
struct BuildTag {
    /// The number in the series.
    let number: Int
    /// The tag object.
    let id: ObjectID
    /// The build that the tag's message names; nil for a tag that git-zentoo
    /// did not create.
    let build: BuildID?

    private static let buildKey = "Build: "

    /// Returns the tag for a build, to be written and signed.
    ///
    /// - Throws: ``GitError`` when the tagger is not valid in a tag.
    static func make(_ result: BuildResult, number: Int) throws -> AnnotatedTag {
        let found = result.foundCount == 0 ? "" : ", \(result.foundCount) found"
        return try AnnotatedTag(
            name: result.series.tagName(number), target: result.commit, tagger: result.tagger,
            message: """
                \(result.series): \(result.packageCount) packages, \(result.madeCount) made\(found)

                \(buildKey)\(result.build)
                Tree: \(result.tree)
                Packages: \(result.packageCount)
                Made: \(result.madeCount)
                \(result.foundCount == 0 ? "" : "Found: \(result.foundCount)\n")\
                Duration: \(result.durationSeconds)
                \(result.archive.map { "Stage: sha256:\($0.sha256)\n" } ?? "")
                """)
    }

    /// Returns the build that a tag names.
    static func build(of tag: AnnotatedTag) -> BuildID? {
        tag.message.split(separator: "\n").first { $0.hasPrefix(buildKey) }
            .flatMap { BuildID(String($0.dropFirst(buildKey.count))) }
    }

    /// Returns the numbers of the series' tags with the tag objects, newest
    /// first.
    static func numbers(
        of series: BuildSeries, in repository: Repository
    ) throws -> [(number: Int, id: ObjectID)] {
        let prefix = series.tagReferencePrefix
        return try repository.unsortedReferences(under: prefix)
            .compactMap { name, id in
                BuildSeries.number(of: name, after: prefix).map { (number: $0, id: id) }
            }
            .sorted { $0.number > $1.number }
    }

    /// Returns the series' tags, newest first, each read on demand.
    static func tags(
        of series: BuildSeries, in repository: Repository
    ) throws -> some Sequence<Result<BuildTag, any Error>> {
        try numbers(of: series, in: repository).lazy.map { number, id in
            Result {
                let build = try Self.build(ofTag: id, repository)
                return BuildTag(number: number, id: id, build: build)
            }
        }
    }

    /// The maximum number of builds whose tags are searched one by one, without
    /// reading all tags of the series.
    static let few = 8

    /// Returns the numbers of some builds' tags, by build.
    static func numbers(
        of builds: Set<BuildID>, in series: BuildSeries, _ repository: Repository
    ) throws -> [BuildID: Int] {
        var found: [BuildID: Int] = [:]
        var missing = builds
        if builds.count <= few, let newest = try newest(of: series, in: repository) {
            for build in builds {
                guard
                    let number = newest.build == build
                        ? newest.number
                        : try number(of: build, in: series, upTo: newest.number, repository)
                else { continue }
                found[build] = number
                missing.remove(build)
            }
        }
        guard !missing.isEmpty else { return found }
        var tags = try numbers(of: series, in: repository)[...]
        while !missing.isEmpty, !tags.isEmpty {
            // At least as many tags must be read as builds are missing.
            let next = Array(tags.prefix(missing.count))
            tags = tags.dropFirst(next.count)
            let builds = try repository.concurrentMap(next) { try build(ofTag: $0.id, $1) }
            for (tag, build) in zip(next, builds) {
                guard let build, missing.remove(build) != nil else { continue }
                found[build] = tag.number
            }
        }
        return found
    }

    /// Returns the tag that "latest" points to.
    static func newest(of series: BuildSeries, in repository: Repository) throws -> BuildTag? {
        guard let name = try series.latest(), let id = try repository.resolve(name),
            let tag = try repository.tag(id),
            let number = series.number(of: try RefName.tag(tag.name))
        else { return nil }
        return BuildTag(number: number, id: id, build: build(of: tag))
    }

    /// Returns the number of a build's tag by binary search. Returns nil if the
    /// search fails: after the records of two repositories were merged, the
    /// numbers may have gaps and differ from the order of the builds.
    private static func number(
        of build: BuildID, in series: BuildSeries, upTo highest: Int, _ repository: Repository
    ) throws -> Int? {
        var (low, high) = (1, highest)
        while low <= high {
            let number = (low + high) / 2
            guard let id = try repository.resolve(RefName.tag(series.tagName(number))),
                let other = try self.build(ofTag: id, repository)
            else { return nil }
            if other == build { return number }
            if other < build { low = number + 1 } else { high = number - 1 }
        }
        return nil
    }

    /// Returns the build that a tag object names; nil for a tag that git-zentoo
    /// did not create.
    private static func build(ofTag id: ObjectID, _ repository: Repository) throws -> BuildID? {
        guard let bytes = try repository.tagBytes(id) else { return nil }
        let newline = UInt8(ascii: "\n")
        let key = Array(buildKey.utf8)
        var rest = bytes[...]
        var isMessage = false
        while let end = rest.firstIndex(of: newline) {
            let line = rest[..<end]
            // An empty line separates the header from the message.
            if isMessage, line.starts(with: key) {
                return BuildID(String(decoding: line.dropFirst(key.count), as: UTF8.self))
            }
            isMessage = isMessage || line.isEmpty
            rest = rest[(end + 1)...]
        }
        return nil
    }

    /// Returns the tag of one build; nil when it has none.
    static func tag(
        of build: BuildID, in series: BuildSeries, _ repository: Repository
    ) throws -> BuildTag? {
        for tag in try tags(of: series, in: repository) where try tag.get().build == build {
            return try tag.get()
        }
        return nil
    }
}
