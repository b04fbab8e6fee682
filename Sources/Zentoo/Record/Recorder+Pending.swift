internal import Git

extension Recorder {
    /// What ``completePending(isRunning:)`` did.
    public struct Completion: Sendable, Hashable, Codable {
        /// Builds whose records have been completed.
        public var completed: [RecordedBuild] = []
        /// Builds that died before they had made a record, and are forgotten.
        public var abandoned: [BuildID] = []
    }

    /// Makes whole what processes that died left behind; every command calls
    /// it first.
    ///
    /// A build with its notes is completed, even while its own process is at
    /// it; one without is forgotten, unless it still runs. Costs a look into
    /// two folders of references when there is nothing to do.
    ///
    /// - Parameter isRunning: whether a build's process is still alive.
    /// - Throws: ``ZentooError`` or ``GitError``.
    public func completePending(
        isRunning: (BuildID) throws -> Bool
    ) async throws -> Completion {
        var completion = Completion()
        var isIndexed = false
        let prefixes = [BuildSeries.buildingPrefix, BuildSeries.buildingRootPrefix]
        for (name, held) in try prefixes.flatMap({ try repository.references(under: $0) }) {
            guard let build = BuildID("\(name)".split(separator: "/").last.map(String.init) ?? "")
            else { continue }
            let tree = try repository.peel(held, to: .tree)
            guard let result = try result(of: build, onTree: tree),
                try result.series.building(build) == name
            else {
                if try isRunning(build) { continue }
                if try forget(name, at: held) { completion.abandoned.append(build) }
                continue
            }
            if !isIndexed {
                try Whence.refresh(repository)
                isIndexed = true
            }
            completion.completed.append(try await settle(result, isResumed: true))
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
    func result(of build: BuildID, onTree tree: ObjectID) throws -> BuildResult? {
        try RecordNotes.lines(on: tree, of: .result, in: repository)
            .first { $0.build == build }
            .flatMap { BuildResult($0) }
    }
}
