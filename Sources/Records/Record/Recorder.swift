package import Git
internal import Sites

/// Writes down what builds made: notes, index, tag.
///
/// The order makes a record whole however early the process dies. The notes
/// come first, in one commit, and their `result` line holds everything the tag
/// needs; from then on the build has happened, and what is missing is made up
/// by ``completePending(isRunning:register:)``. Before the notes nothing has happened.
///
/// One reference of the build's own, ``BuildSeries/building(_:)``, tells how far
/// it has come: it holds the commit, then the tag object, and is deleted last.
/// Each of these moves is a compare-and-swap, so that a build gets one tag
/// even when two processes complete it at once.
///
/// No reference moves before what it will point at is on disk, and a build is
/// not reported before its references are: after a loss of power, too, the
/// record is whole, or completed by the next command.
package struct Recorder {
    let repository: Repository
    let signer: TagSigner?

    /// - Parameter signer: signs the tags; they stay unsigned when nil.
    package init(_ repository: Repository, signer: TagSigner? = nil) {
        self.repository = repository
        self.signer = signer
    }

    /// The steps of a record, in their order; what tests stop between.
    package enum Step: Int, CaseIterable {
        case hold, notes, index, claim, latest, release
    }

    /// Announces that a build of `commit` begins, so that its commit outlives
    /// `git gc`.
    ///
    /// - Throws: ``GitError``.
    package func begin(_ build: BuildID, of series: BuildSeries, commit: ObjectID) throws {
        try repository.set(
            try series.building(build), to: commit, expecting: .absent,
            message: "zentoo: begin \(build)")
    }

    /// Takes a build back that ended without anything worth recording. One that
    /// has its notes already stays, to be completed later: what went wrong
    /// then, such as a key that could not sign, does not undo it.
    ///
    /// - Throws: ``GitError``.
    package func abandon(_ build: BuildID, of series: BuildSeries) throws {
        let building = try series.building(build)
        guard let held = try repository.resolve(building),
            try result(of: build, onTree: try repository.peel(held, to: .tree)) == nil
        else { return }
        try repository.delete(building, expecting: .value(held))
    }

    /// Records a build that has ended, well or not; ``begin(_:of:commit:)`` may
    /// have been called for it or not.
    ///
    /// The packages must lie in the pool already, safe on disk: the record says
    /// that they do.
    ///
    /// - Returns: what the build is known by; a failed build has notes alone.
    /// - Throws: ``ZentooError`` or ``GitError``; what was done before stays, and
    ///   is completed by ``completePending(isRunning:register:)``.
    package func record(_ build: FinishedBuild) async throws -> RecordedBuild {
        try await record(build, through: .release)
    }

    /// Records it up to a step, as a process that is killed after it would.
    package func record(_ build: FinishedBuild, through last: Step) async throws -> RecordedBuild {
        let result = build.result
        try check(result)
        let name = try result.series.building(result.build)
        if try repository.resolve(name) == nil {
            try begin(result.build, of: result.series, commit: result.commit)
        }
        guard last > .hold else { return unfinished(result) }
        let isResumed = try self.result(of: result.build, onTree: result.tree) != nil
        try writeNotes(build)
        guard last > .notes else { return unfinished(result) }
        try Whence.refresh(repository)
        guard last > .index else { return unfinished(result) }
        return try await settle(result, isResumed: isResumed, through: last)
    }

    /// Records that a tree which was built before is now the result of another
    /// series too: notes and a tag, but no packages a second time.
    ///
    /// - Parameters:
    ///   - original: a successful build of the same tree.
    ///   - build: the name of this "build".
    /// - Throws: ``ZentooError`` or ``GitError``, as ``record(_:)``.
    package func stamp(
        _ original: BuildResult, as build: BuildID, for series: BuildSeries, commit: ObjectID,
        tagger: Signature
    ) async throws -> RecordedBuild {
        guard original.status == .success,
            try repository.tree(ofCommit: commit) == original.tree
        else {
            throw ZentooError(
                .failed, "build '\(original.build)' is not a result of commit '\(commit)'")
        }
        var result = original
        result.build = build
        result.series = series
        result.commit = commit
        result.stampedFrom = original.stampedFrom ?? original.build
        result.madeCount = 0
        result.foundCount = 0
        result.durationSeconds = 0
        result.tagger = tagger
        return try await record(stamp: result)
    }

    private func record(stamp result: BuildResult) async throws -> RecordedBuild {
        try check(result)
        try begin(result.build, of: result.series, commit: result.commit)
        try writeNotes(result, packages: [])
        try Whence.refresh(repository)
        return try await settle(result, isResumed: false)
    }

    /// Refuses what could not be tagged later, before anything is written.
    private func check(_ result: BuildResult) throws {
        _ = try BuildTag.make(result, number: 1)
        guard try repository.tree(ofCommit: result.commit) == result.tree else {
            throw ZentooError(
                .damaged, "commit '\(result.commit)' does not have tree '\(result.tree)'")
        }
    }

    func unfinished(_ result: BuildResult) -> RecordedBuild {
        RecordedBuild(build: result.build, series: result.series, number: nil)
    }
}

extension Recorder.Step: Comparable {
    /// In the order in which they are done.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
