internal import Files
internal import Sites
internal import SystemPackage

extension ResultReader {
    /// Returns the stage archives that bootstraps made, each with the newest
    /// bootstrap that made it.
    func archives(of results: [BuildResult]) -> [SHA256Digest: BuildResult] {
        var newest: [SHA256Digest: BuildResult] = [:]
        let order = BuildOrder()
        for result in results.sorted(by: { order.isOlder($0.build, $1.build) }) {
            if let archive = result.archive { newest[archive.sha256] = result }
        }
        return newest
    }

    /// Compares the stages in the pool with the records.
    ///
    /// - Parameters:
    ///   - archives: the archives that must be present.
    ///   - onRead: called with the number of bytes read.
    func verify(
        _ archives: [SHA256Digest: BuildResult], in state: StateDirectory,
        environment: [String: String], onRead: (Int64) -> Void
    ) async throws -> [PoolReport.StageProblem] {
        var problems: [PoolReport.StageProblem] = []
        for (digest, result) in archives.sorted(by: { $0.key < $1.key }) {
            guard let stage = result.series.stage, let archive = result.archive else { continue }
            let place = state.archive(of: digest)
            let status = try FileStatus.of(place)
            var found: SHA256Digest?
            if let status, status.kind == .file, Int64(status.size) == archive.size {
                found = try await FileDigests(environment: environment).digest(of: place)
                onRead(archive.size)
                if found == digest { continue }
            }
            problems.append(
                PoolReport.StageProblem(
                    kind: status == nil ? .missing : .altered, stage: stage.text, sha256: digest,
                    build: result.build, found: found))
        }
        return problems
    }

    /// Returns the archives in the pool that no record names, relative to the
    /// pool.
    func unknownStages(in state: StateDirectory) throws -> [String] {
        let names = try Directory.names(in: state.madeStages).map(\.string)
            .filter { !$0.hasPrefix(".") }
        if names.isEmpty { return [] }
        let known = archives(of: try whence.results(beginningWith: "")).keys
            .compactMap { state.archive(of: $0).lastComponent?.string }
        return names.filter { !known.contains($0) }.map { "stages/\($0)" }
    }
}
