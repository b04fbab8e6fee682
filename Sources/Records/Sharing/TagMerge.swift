internal import Git
internal import Sites

/// Reconciles the tags of builds with those of a remote.
struct TagMerge {
    let repository: Repository
    let signer: TagSigner?
    let reader: ResultReader
    let remote: RemoteRecords

    /// The tags of one series on one side, by number.
    private typealias Tags = [Int: (id: ObjectID, build: BuildID?)]

    /// An attempt is lost only to a tag of another process, so this limit is
    /// not reached in practice.
    private static let mostAttempts = 1000

    func run(_ report: inout RecordMerge.Report) async throws {
        let ours = Dictionary(
            uniqueKeysWithValues: try repository.references(under: "refs/tags/zentoo")
                .map { ("\($0.name)".dropFirst("refs/tags/".count), $0.id) })
        var prefixes: Set<String> = []
        for (name, id) in try repository.references(under: "\(remote.tagSpace)zentoo") {
            let short = "\(name)".dropFirst(remote.tagSpace.count)
            let prefix = short.prefix(through: short.lastIndex(of: "/") ?? short.startIndex)
            if ours[short] != id { prefixes.insert(String(prefix)) }
        }
        for prefix in prefixes.sorted() { try await merge(prefix, &report) }
        try pointLatest()
    }

    /// Merges the tags `<prefix><number>`.
    private func merge(_ prefix: String, _ report: inout RecordMerge.Report) async throws {
        for _ in 0..<Self.mostAttempts {
            var news = RecordMerge.Report(remote: remote.remote)
            let changes = try await changes(of: prefix, &news)
            if !news.renumbered.isEmpty { try repository.synchronize() }
            do {
                try repository.transaction(changes, message: "zentoo: from \(remote.remote)")
            } catch let error as GitError where error.code == .conflict { continue }
            report.renumbered += news.renumbered
            report.obstacles += news.obstacles
            return
        }
        throw ZentooError(.busy, "tags '\(prefix)*' keep being moved by other processes")
    }

    private func changes(
        of prefix: String, _ news: inout RecordMerge.Report
    ) async throws -> [RefChange] {
        let theirs = try tags(prefix, in: remote.tagSpace)
        let ours = try tags(prefix, in: "refs/tags/")
        let known = Set(theirs.values.compactMap(\.build))
        var free = max(theirs.keys.max() ?? 0, ours.keys.max() ?? 0) + 1
        var changes: [RefChange] = []
        // Builds whose tag there cannot be taken over keep the one they have here.
        var kept: Set<BuildID> = []
        for (number, their) in theirs.sorted(by: { $0.key < $1.key }) where their.build != nil {
            let name = try RefName.tag(prefix + String(number))
            let our = ours[number]
            if our?.id == their.id { continue }
            if let our {
                // A build that the remote has under another number keeps that
                // one.
                if let build = our.build, !known.contains(build) {
                    guard let result = try result(of: build, prefix) else {
                        news.obstacles.append(
                            "'\(prefix)\(number)' is another build there, and no note "
                                + "tells what it is here")
                        kept.formUnion([their.build].compactMap(\.self))
                        continue
                    }
                    let tag = try BuildTag.make(result, number: free)
                    let id = try repository.writeTag(
                        tag, signature: try await signer?.sign(tag) ?? [])
                    changes.append(RefChange(try .tag(tag.name), to: id, expecting: .absent))
                    news.renumbered.append(
                        .init(build: build, old: prefix + String(number), new: tag.name))
                    free += 1
                } else if our.build == nil {
                    news.obstacles.append("'\(prefix)\(number)' is a tag that no build made")
                    kept.formUnion([their.build].compactMap(\.self))
                    continue
                }
            }
            changes.append(
                RefChange(name, to: their.id, expecting: our.map { .value($0.id) } ?? .absent))
        }
        for (number, our) in ours where theirs[number] == nil {
            guard let build = our.build, known.contains(build), !kept.contains(build)
            else { continue }
            changes.append(
                RefChange(
                    try .tag(prefix + String(number)), to: nil, expecting: .value(our.id)))
        }
        return changes
    }

    /// Returns the tags of a series. A tag has no build if its object has
    /// another name or if no build made it.
    private func tags(_ prefix: String, in space: String) throws -> Tags {
        var tags: Tags = [:]
        for (name, id) in try repository.references(under: space + prefix) {
            let digits = "\(name)".dropFirst(space.utf8.count + prefix.utf8.count)
            guard let number = Int(digits), number > 0, String(number) == digits else { continue }
            let tag = try repository.tag(id)
            let build = tag?.name == prefix + digits ? tag.flatMap { BuildTag.build(of: $0) } : nil
            tags[number] = (id, build)
        }
        return tags
    }

    /// Returns the result of a build if it belongs to the series with this tag
    /// prefix.
    private func result(of build: BuildID, _ prefix: String) throws -> BuildResult? {
        let result = try reader.whence.results(beginningWith: build.description).first
        return result?.series.tagPrefix == prefix ? result : nil
    }

    /// Points each "latest" that is missing or outdated at the newest build.
    private func pointLatest() throws {
        let reader = try ResultReader(repository)
        for series in try reader.whence.series() {
            guard let name = try reader.latest(of: series)?.tag.map({ try RefName.tag($0) }),
                let number = series.number(of: name), let id = try repository.resolve(name)
            else { continue }
            let build = try repository.tag(id).flatMap { BuildTag.build(of: $0) }
            try Recorder(repository).advanceLatest(
                of: series, to: BuildTag(number: number, id: id, build: build))
        }
    }
}
