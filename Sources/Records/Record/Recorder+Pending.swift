package import Git

extension Recorder {
    /// What ``completePending(isRunning:register:)`` did.
    package struct Completion: Sendable, Hashable, Codable {
        /// Builds whose records have been completed.
        package var completed: [RecordedBuild] = []
        /// Builds that died before they had made a record, and are forgotten.
        package var abandoned: [BuildID] = []
        /// Builds that still cannot be completed; they are tried again.
        package var obstacles: [Obstacle] = []
    }

    /// A build that could not be completed, and why: its tag cannot be signed,
    /// or another process holds a lock.
    package struct Obstacle: Sendable, Hashable, Codable {
        /// The build.
        package let build: BuildID
        /// What went wrong, in a line.
        package let reason: String
    }

    /// Makes whole what processes that died left behind; every command calls
    /// it first.
    ///
    /// A build with its notes is completed, one without is forgotten; one that
    /// still runs is left alone. Costs a look into two folders of references
    /// when there is nothing to do.
    ///
    /// - Parameters:
    ///   - isRunning: whether a build's process is still alive.
    ///   - register: gives its site the stage that a bootstrap has made; called
    ///     when the record has its tag, before the bootstrap counts as ended.
    /// - Throws: ``GitError`` when the repository cannot be read;
    ///   `CancellationError`. What stands in the way of one build is told in
    ///   the result, since it must not stop every command.
    package func completePending(
        isRunning: (BuildID) throws -> Bool,
        register: (BuildResult) async throws -> Void = { _ in }
    ) async throws -> Completion {
        var completion = Completion()
        let pending = try BuildSeries.buildingPrefixes.flatMap {
            try repository.references(under: $0)
        }
        var unindexed = true
        for (name, held) in pending {
            guard let build = BuildID("\(name)".split(separator: "/").last.map(String.init) ?? "")
            else { continue }
            if try isRunning(build) { continue }
            let tree = try repository.peel(held, to: .tree)
            let result = try result(of: build, onTree: tree)
            do {
                try await AbandonedLocks(repository: repository).remove(of: name, result?.series)
                guard let result, try result.series.building(build) == name else {
                    if try forget(name, at: held) { completion.abandoned.append(build) }
                    continue
                }
                if unindexed { try Whence.refresh(repository) }
                unindexed = false
                if result.archive != nil {
                    _ = try await settle(result, isResumed: true, through: .latest)
                    try await register(result)
                }
                completion.completed.append(try await settle(result, isResumed: true))
            } catch let error where !(error is CancellationError) {
                completion.obstacles.append(Obstacle(build: build, reason: "\(error)"))
            }
        }
        return completion
    }

    /// False when the reference has moved since it was read: its process lives.
    private func forget(_ name: RefName, at held: ObjectID) throws -> Bool {
        do {
            return try repository.delete(name, expecting: .value(held))
        } catch let error as GitError where error.code == .conflict {
            return false
        }
    }

    /// What the notes on a tree say about one build.
    package func result(of build: BuildID, onTree tree: ObjectID) throws -> BuildResult? {
        for kind in RecordLine.Kind.results {
            let lines = try RecordNotes(repository).lines(on: tree, of: kind)
            if let line = lines.first(where: { $0.build == build }) { return BuildResult(line) }
        }
        return nil
    }
}
