internal import ArgumentParser
internal import Builds
internal import Git
internal import Records
internal import Roots
internal import Server
internal import Sites

extension CompletionKind {
    /// The tuples that were built.
    static let recordedTuples = CompletionKind.custom { _, _, prefix in
        names(beginningWith: prefix) { try ResultReader($0).whence.series().map(\.tuple) }
    }

    /// The tuples that were built, and the stages that were bootstrapped.
    static let recordedSeries = CompletionKind.custom { _, _, prefix in
        names(beginningWith: prefix) { repository in
            let whence = try ResultReader(repository).whence
            return try (whence.series() + whence.stages()).map { $0.stage?.text ?? $0.tuple }
        }
    }

    /// The names of builds: tuples and stages, alone and with a number.
    static let builds = CompletionKind.custom { _, _, prefix in
        names(beginningWith: prefix) { repository in
            let records = try ResultReader(repository)
            return try (records.whence.series() + records.whence.stages()).flatMap { series in
                [series.stage?.text ?? series.tuple]
                    + (try records.log(of: series).map(\.shownName))
            }
        }
    }

    /// The tuples in the queue, in any state.
    static let queuedTuples = CompletionKind.custom { _, _, prefix in
        names(beginningWith: prefix) { repository in
            let queue = BuildQueue(repository)
            return try [BuildQueue.State.waiting, .running, .failed].flatMap { state in
                try queue.items(state).map(\.entry.tuple)
            }
        }
    }

    /// The existing roots.
    static let roots = CompletionKind.custom { _, _, prefix in
        names(beginningWith: prefix) { try RootBranch.names(in: $0).map(\.text) }
    }

    /// The packages being patched: in the named roots, else in all.
    static let packagesBeingPatched = CompletionKind.custom { words, _, prefix in
        guard let state = try? await stateDirectory(),
            let repository = try? Self.repository(),
            let roots = try? RootBranch.names(in: repository)
        else { return [] }
        let named = roots.filter { words.contains($0.text) }
        let survey = PatchSurvey(state: state)
        let places = try? (named.isEmpty ? roots : named).flatMap { try survey.places(in: $0) }
        return Set((places ?? []).map(\.package)).filter { $0.hasPrefix(prefix) }.sorted()
    }

    private static func repository() throws -> Repository {
        try Repository.open(
            environment: Platform.environment(), directory: Platform.workingDirectory())
    }

    private static func stateDirectory() async throws -> StateDirectory {
        let repository = try Self.repository()
        let configuration = try await GitProgram(environment: Platform.environment())
            .configuration(gitDirectory: repository.gitDirectory)
        return try Settings(configuration, repository: repository).state
    }

    /// Returns the names that begin with `prefix`. Errors are not reported:
    /// completion needs names or nothing.
    private static func names(
        beginningWith prefix: String, _ all: (Repository) throws -> [String]
    ) -> [String] {
        guard let repository = try? Self.repository(),
            let names = try? all(repository)
        else { return [] }
        return Set(names).filter { $0.hasPrefix(prefix) }.sorted()
    }
}
