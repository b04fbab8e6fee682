package import Git

extension Recorder {
    /// The outcome of ``completePending(isRunning:register:)``.
    package struct Completion: Sendable, Hashable, Codable {
        /// Builds whose records were completed.
        package var completed: [RecordedBuild] = []
        /// Builds that died before they wrote a record; their references were
        /// deleted.
        package var abandoned: [BuildID] = []
        /// Builds that could not be completed yet; the next command tries
        /// again.
        package var obstacles: [Obstacle] = []
    }

    /// A build that could not be completed, and the reason: its tag cannot be
    /// signed, or another process holds a lock.
    package struct Obstacle: Sendable, Hashable, Codable {
        /// The build.
        package let build: BuildID
        /// The error, in one line.
        package let reason: String
    }

    /// Completes the records of processes that died; every command calls it
    /// first.
    ///
    /// A build with notes is completed, one without is discarded; a running
    /// build is not touched. When there is nothing to do, this only reads three
    /// directories of references.
    ///
    /// - Parameters:
    ///   - isRunning: returns whether a build's process is alive.
    ///   - register: adds the stage that a bootstrap produced to its site;
    ///     called after the record has its tag and before the bootstrap counts
    ///     as ended.
    /// - Throws: ``GitError`` when the repository cannot be read;
    ///   `CancellationError`. Errors of a single build are part of the result,
    ///   since they must not block every command.
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

    /// Returns false if the reference was moved since it was read, which means
    /// that its process is alive.
    private func forget(_ name: RefName, at held: ObjectID) throws -> Bool {
        do {
            return try repository.delete(name, expecting: .value(held))
        } catch let error as GitError where error.code == .conflict {
            return false
        }
    }

    /// Returns the result of a build from the notes on a tree.
    package func result(of build: BuildID, onTree tree: ObjectID) throws -> BuildResult? {
        for kind in RecordLine.Kind.results {
            let lines = try RecordNotes(repository).lines(on: tree, of: kind)
            if let line = lines.first(where: { $0.build == build }) { return BuildResult(line) }
        }
        return nil
    }
}
