internal import Git
internal import Sites

extension Recorder {
    /// Performs the steps after the notes: creates the tag of a success or the
    /// reference that keeps a failure's commit, and deletes the build's own
    /// reference.
    package func settle(
        _ result: BuildResult, isResumed: Bool, through last: Step = .release
    ) async throws -> RecordedBuild {
        let building = try result.series.building(result.build)
        guard result.status == .success else {
            if last >= .release {
                try repository.set(
                    try result.series.failed(result.commit), to: result.commit,
                    expecting: .anything, message: "zentoo: \(result.build)")
                try repository.delete(building)
                try repository.synchronize()
            }
            return unfinished(result)
        }
        let tag = try await claim(result, isResumed: isResumed)
        let recorded = RecordedBuild(
            build: result.build, series: result.series, number: tag.number)
        if last >= .latest { try advanceLatest(of: result.series, to: tag) }
        if last >= .release {
            try repository.delete(building)
            try repository.synchronize()
        }
        return recorded
    }

    /// Returns the build's tag, or creates it with the next free number.
    ///
    /// The same transaction moves the build's own reference from the commit to
    /// the tag object, which ensures that only one process tags this build: a
    /// second one finds the reference moved, and then the tag.
    ///
    /// - Parameter isResumed: whether the tag may already exist; checking this
    ///   reads all tags of the series.
    private func claim(_ result: BuildResult, isResumed: Bool) async throws -> BuildTag {
        let building = try result.series.building(result.build)
        var isContested = isResumed
        for _ in 0..<Self.mostAttempts {
            if isContested,
                let tag = try BuildTag.tag(of: result.build, in: result.series, repository)
            {
                return tag
            }
            guard let held = try repository.resolve(building) else {
                if isContested { break }
                isContested = true
                continue
            }
            if let tag = try finish(held, of: result.series) { return tag }
            let number = try nextNumber(of: result.series, isContested: isContested)
            let id = try await write(try BuildTag.make(result, number: number))
            try repository.synchronize()
            do {
                try repository.transaction(
                    [
                        RefChange(building, to: id, expecting: .value(held)),
                        RefChange(
                            try RefName.tag(result.series.tagName(number)), to: id,
                            expecting: .absent),
                    ], message: "zentoo: \(result.build)")
                return BuildTag(number: number, id: id, build: result.build)
            } catch let error as GitError where error.code == .conflict {
                isContested = true
            }
        }
        throw ZentooError(
            .busy, "build '\(result.build)' could not be given a number",
            hints: ["git zentoo repair"])
    }

    /// Completes a transaction that was interrupted between its two writes: the
    /// build's reference points to a tag object whose tag does not exist yet.
    /// Returns nil if this is not the case, or if another build has taken the
    /// number.
    private func finish(_ held: ObjectID, of series: BuildSeries) throws -> BuildTag? {
        guard let tag = try repository.tag(held) else { return nil }
        let name = try RefName.tag(tag.name)
        guard let number = series.number(of: name) else { return nil }
        do {
            try repository.set(name, to: held, expecting: .absent)
        } catch let error as GitError where error.code == .conflict {
            guard try repository.resolve(name) == held else { return nil }
        }
        return BuildTag(number: number, id: held, build: BuildTag.build(of: tag))
    }

    /// An attempt is lost only to another build's success, so this limit is not
    /// reached in practice.
    private static let mostAttempts = 1000

    private func write(_ tag: AnnotatedTag) async throws -> ObjectID {
        try repository.writeTag(tag, signature: try await signer?.sign(tag) ?? [])
    }

    /// Returns the number after the newest; uses a single look-up if possible.
    private func nextNumber(of series: BuildSeries, isContested: Bool) throws -> Int {
        if !isContested, let latest = try latestNumber(of: series) { return latest + 1 }
        return (try BuildTag.numbers(of: series, in: repository).first?.number ?? 0) + 1
    }

    private func latestNumber(of series: BuildSeries) throws -> Int? {
        try BuildTag.newest(of: series, in: repository)?.number
    }

    /// Points "latest" at the tag, unless it points to that of a build that
    /// started later, regardless of their numbers.
    func advanceLatest(of series: BuildSeries, to tag: BuildTag) throws {
        guard let name = try series.latest() else { return }
        for _ in 0..<Self.mostAttempts {
            let now = try repository.resolve(name)
            if now == tag.id { return }
            if let latest = try BuildTag.newest(of: series, in: repository)?.build,
                let build = tag.build, BuildOrder().isOlder(build, latest)
            {
                return
            }
            do {
                return try repository.set(
                    name, to: tag.id, expecting: now.map { .value($0) } ?? .absent,
                    message: "zentoo: \(tag.number)")
            } catch let error as GitError where error.code == .conflict { continue }
        }
        throw ZentooError(.busy, "ref '\(name)' keeps being moved by other processes")
    }
}
