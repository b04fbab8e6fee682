package import Git
internal import Sites

/// Records builds: writes notes, index and tag.
///
/// The order of the steps makes a record complete at whatever point the process
/// dies. The notes are written first, in one commit, and their `result` line
/// holds everything the tag needs; from then on the build is recorded, and
/// missing parts are completed by ``completePending(isRunning:register:)``.
/// Before the notes, nothing is recorded.
///
/// The build's own reference, ``BuildSeries/building(_:)``, marks the progress:
/// it points to the commit, then to the tag object, and is deleted last. Each
/// of these updates is a compare-and-swap, so that a build gets one tag even
/// when two processes complete it at once.
///
/// No reference is updated before its target is synced to disk, and a build is
/// not reported before its references are: after a power failure, too, the
/// record is complete or is completed by the next command.
package struct Recorder {
    let repository: Repository
    let signer: TagSigner?

    /// - Parameter signer: signs the tags; they are not signed if nil.
    package init(_ repository: Repository, signer: TagSigner? = nil) {
        self.repository = repository
        self.signer = signer
    }

    /// The steps of recording, in their order; tests stop between them.
    package enum Step: Int, CaseIterable {
        case hold, notes, index, claim, latest, release
    }

    /// Marks the start of a build of `commit`, so that `git gc` keeps the
    /// commit.
    ///
    /// - Throws: ``GitError``.
    package func begin(_ build: BuildID, of series: BuildSeries, commit: ObjectID) throws {
        try repository.set(
            try series.building(build), to: commit, expecting: .absent,
            message: "zentoo: begin \(build)")
    }

    /// Discards a build that ended without anything worth recording. One that
    /// already has notes is kept, to be completed later: an error after the
    /// notes, such as a failed signature, does not revoke it.
    ///
    /// - Throws: ``GitError``.
    package func abandon(_ build: BuildID, of series: BuildSeries) throws {
        let building = try series.building(build)
        guard let held = try repository.resolve(building),
            try result(of: build, onTree: try repository.peel(held, to: .tree)) == nil
        else { return }
        try repository.delete(building, expecting: .value(held))
    }

    /// Records a build that has ended, successfully or not. Calling
    /// ``begin(_:of:commit:)`` before is optional.
    ///
    /// The packages must already be in the pool and synced to disk, as the
    /// record states.
    ///
    /// - Returns: the identity of the build; a failed build has only notes.
    /// - Throws: ``ZentooError`` or ``GitError``; completed steps stay, and the
    ///   rest is done by ``completePending(isRunning:register:)``.
    package func record(_ build: FinishedBuild) async throws -> RecordedBuild {
        try await record(build, through: .release)
    }

    /// Records a build up to a step, like a process that is killed after it.
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

    /// Records an existing result of a tree for another series: writes notes
    /// and a tag, without repeating the packages.
    ///
    /// - Parameters:
    ///   - original: a successful build of the same tree.
    ///   - build: the id of the new "build".
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

    /// Rejects a build that could not be tagged later, before anything is
    /// written.
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
    /// Orders steps as they are executed.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
