internal import Exec
internal import Glibc
package import Sites
package import SystemPackage

/// Computes SHA-256 digests of files, by sha256sum(1), on all processors.
package struct FileDigests {
    var environment = Invocation.basicEnvironment

    /// Creates a value that runs the program with this environment.
    package init(environment: [String: String] = Invocation.basicEnvironment) {
        self.environment = environment
    }

    /// The number of files per run: large enough to make the start cheap, small
    /// enough for frequent progress reports.
    static let batchSize = 16

    /// Returns the digest of one file.
    package func digest(of file: FilePath) async throws -> SHA256Digest {
        guard let digest = try await digests(of: [file.string], in: nil)[file.string] else {
            throw ZentooError(.notFound, "cannot read '\(file)'")
        }
        return digest
    }

    /// Returns the digests of files, in their order.
    ///
    /// - Throws: ``ZentooError`` when one cannot be read.
    package func digests(of files: [FilePath]) async throws -> [SHA256Digest] {
        let found = try await digests(of: files.map(\.string), in: nil)
        return try files.map { file in
            guard let digest = found[file.string] else {
                throw ZentooError(.notFound, "cannot read '\(file)'")
            }
            return digest
        }
    }

    /// Returns the digests of `files`, relative to `directory`; unreadable
    /// files are omitted.
    ///
    /// - Parameter onBatch: called with the files of each finished batch.
    /// - Throws: ``ExecError`` when the program cannot be run.
    package func digests(
        of files: [String], in directory: FilePath?, onBatch: ([String]) -> Void = { _ in }
    ) async throws -> [String: SHA256Digest] {
        var batches = stride(from: 0, to: files.count, by: Self.batchSize).map {
            Array(files[$0..<min($0 + Self.batchSize, files.count)])
        }[...]
        return try await withThrowingTaskGroup(of: ([String], [String: SHA256Digest]).self) {
            group in
            func startNext() {
                guard let batch = batches.popFirst() else { return }
                group.addTask { (batch, try await run(batch, in: directory)) }
            }
            for _ in 0..<max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) { startNext() }
            var digests: [String: SHA256Digest] = [:]
            while let (batch, found) = try await group.next() {
                digests.merge(found) { one, _ in one }
                onBatch(batch)
                startNext()
            }
            return digests
        }
    }

    private func run(
        _ files: [String], in directory: FilePath?
    ) async throws -> [String: SHA256Digest] {
        // With --zero, names are not escaped and end with a zero byte.
        let completion = try await Invocation(
            "sha256sum", ["--binary", "--zero", "--"] + files, environment: environment,
            workingDirectory: directory
        ).run()
        var digests: [String: SHA256Digest] = [:]
        for line in completion.output.split(separator: 0) {
            let text = String(decoding: line, as: UTF8.self)
            guard let digest = SHA256Digest(String(text.prefix(64))) else { continue }
            digests[String(text.dropFirst(66))] = digest
        }
        return digests
    }
}
