internal import Exec
internal import Files
package import Sites
package import SystemPackage

extension ResultReader {
    /// The builds whose packages are verified.
    package enum VerifyScope: Sendable, Hashable {
        /// The newest success of each tuple and stage of a site, and the failed
        /// builds after it.
        case newest(site: ZentooName)
        /// All builds of all sites, roots and stages.
        case all
    }

    /// The progress of a verification.
    package struct VerifyProgress: Sendable, Hashable {
        /// Bytes read.
        package let done: Int64
        /// Total bytes to read.
        package let total: Int64
    }

    /// Compares the files in the pool with the records: each recorded package
    /// and stage must be present and unaltered, and no file among them may be
    /// unrecorded.
    ///
    /// Portage's indexes are compared with the files present; its lock files
    /// and hidden files are ignored.
    ///
    /// - Parameters:
    ///   - pool: the directory that ``PoolPath`` is relative to.
    ///   - environment: the environment of `sha256sum`(1).
    ///   - onProgress: called as files are read, never concurrently.
    /// - Throws: ``ExecError``, ``FileError``, ``GitError``.
    package func verify(
        pool: FilePath, scope: VerifyScope,
        environment: [String: String] = Invocation.basicEnvironment,
        onProgress: (VerifyProgress) -> Void = { _ in }
    ) async throws -> PoolReport {
        let results = try results(in: scope)
        let recorded = try packages(of: results)
        let archives = archives(of: results)
        var problems: [PoolReport.Problem] = []
        var toRead: [String: (package: RecordedPackage, build: BuildID)] = [:]
        for (package, build) in recorded {
            // The size is checked first: a truncated file need not be read.
            let status = try FileStatus.of(pool.appending(package.path.description))
            if let status, status.kind == .file, Int64(status.size) == package.size {
                toRead[package.path.description] = (package, build)
            } else {
                problems.append(
                    PoolReport.Problem(
                        kind: status == nil ? .missing : .altered, package: package,
                        build: build, found: nil))
            }
        }
        var total = toRead.values.reduce(0) { $0 + $1.package.size }
        total += archives.values.reduce(0) { $0 + ($1.archive?.size ?? 0) }
        var done: Int64 = 0
        let digests = try await FileDigests(environment: environment).digests(
            of: toRead.keys.sorted(), in: pool
        ) { batch in
            done += batch.reduce(0) { $0 + (toRead[$1]?.package.size ?? 0) }
            onProgress(VerifyProgress(done: done, total: total))
        }
        for (path, entry) in toRead where digests[path] != entry.package.sha256 {
            problems.append(
                PoolReport.Problem(
                    kind: .altered, package: entry.package, build: entry.build,
                    found: digests[path]))
        }
        let state = StateDirectory(path: pool, pool: pool)
        let stageProblems = try await verify(archives, in: state, environment: environment) {
            done += $0
            onProgress(VerifyProgress(done: done, total: total))
        }
        let directories = try PoolSurvey(
            pool: pool, isRecorded: RecordedPaths(whence).contains
        ).problems()
        let partial = directories.flatMap { state in
            state.partial.map { "\(state.directory)/\($0)" }
        }
        let unknown = try unknownFiles(
            in: pool, besides: Set(recorded.map(\.package.path.description) + partial))
        return PoolReport(
            checked: recorded.count, checkedStages: archives.count,
            problems: problems.sorted { $0.package.path < $1.package.path },
            stageProblems: stageProblems, unknown: try unknown + unknownStages(in: state),
            directories: directories)
    }

    private func results(in scope: VerifyScope) throws -> [BuildResult] {
        switch scope {
        case .newest(let site):
            try (whence.series(of: site) + whence.stages(of: site)).flatMap { series in
                let latest = try latest(of: series)?.result
                var failures: [BuildResult] = []
                try whence.eachBuild(of: series) { build in
                    guard build != latest?.build else { return false }
                    if let result = try result(of: build, in: series), result.status != .success {
                        failures.append(result)
                    }
                    return true
                }
                return failures + (latest.map { [$0] } ?? [])
            }
        case .all: try whence.results(beginningWith: "")
        }
    }

    /// Returns each recorded file once, with the newest build it is part of.
    private func packages(
        of results: [BuildResult]
    ) throws -> [(package: RecordedPackage, build: BuildID)] {
        var newest: [PoolPath: (package: RecordedPackage, build: BuildID)] = [:]
        for result in results.sorted(by: { $0.build < $1.build }) {
            for package in try packages(of: result) {
                newest[package.path] = (package, result.build)
            }
        }
        return newest.values.sorted { $0.package.path < $1.package.path }
    }

    private func unknownFiles(in pool: FilePath, besides known: Set<String>) throws -> [String] {
        var unknown: [String] = []
        for path in try Self.packageFiles(in: pool) where !known.contains(path) {
            // The file may belong to a build outside the scope.
            if try !RecordedPaths(whence).contains(path) { unknown.append(path) }
        }
        return unknown
    }

    /// Returns the files at `<CHOST>/<flavour>/<category>/` and below; files
    /// beside the categories belong to Portage and the pool.
    private static func packageFiles(in pool: FilePath) throws -> [String] {
        var found: [String] = []
        func visit(_ directory: FilePath, _ path: String, depth: Int) throws {
            for name in try Directory.names(in: directory)
            where !name.string.hasPrefix(".") && !name.string.hasSuffix(".portage_lockfile") {
                let inner = directory.appending(name)
                let innerPath = path.isEmpty ? name.string : "\(path)/\(name.string)"
                switch try FileStatus.of(inner)?.kind {
                case .directory: try visit(inner, innerPath, depth: depth + 1)
                case .none: continue
                default: if depth >= 3 { found.append(innerPath) }
                }
            }
        }
        try visit(pool, "", depth: 0)
        return found.sorted()
    }
}
