internal import Exec
internal import SystemPackage

/// SHA-256 digests of files, by sha256sum(1).
struct FileDigests {
    let environment: [String: String]

    /// How many files one run is given: enough that starting it costs nothing,
    /// few enough for the longest command line.
    static let mostAtOnce = 64

    /// The digest of one file.
    func digest(of file: FilePath) async throws -> SHA256Digest {
        let found = try await digests(of: [file.string], in: nil)
        guard let digest = found[file.string] else {
            throw ZentooError(.notFound, "cannot read '\(file)'")
        }
        return digest
    }

    /// The digests of `files`, relative to `directory`; a file that cannot be
    /// read has none.
    ///
    /// - Throws: ``ExecError`` when the program cannot be run.
    func digests(
        of files: [String], in directory: FilePath?
    ) async throws -> [String: SHA256Digest] {
        var digests: [String: SHA256Digest] = [:]
        var rest = files[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.mostAtOnce)
            rest = rest.dropFirst(Self.mostAtOnce)
            // With --zero names are written as they are and end in a zero byte.
            let completion = try await Invocation(
                "sha256sum", ["--binary", "--zero", "--"] + batch, environment: environment,
                workingDirectory: directory
            ).run()
            for line in completion.output.split(separator: 0) {
                let text = String(decoding: line, as: UTF8.self)
                guard let digest = SHA256Digest(String(text.prefix(64))) else { continue }
                digests[String(text.dropFirst(66))] = digest
            }
        }
        return digests
    }
}
