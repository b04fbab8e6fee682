internal import Exec
internal import SystemPackage

/// SHA-256 through sha256sum (coreutils).
enum SHA256Sum {
    /// How many files one process takes, well below the system's limit on
    /// arguments.
    private static let batch = 500

    /// The digest of bytes.
    static func digest(of bytes: [UInt8]) async throws -> SHA256Digest {
        let result = try await Invocation("sha256sum", ["-z", "-"], input: .bytes(bytes)).run()
            .orThrow()
        return try parse(result.output)[0]
    }

    /// The digests of files, in their order.
    static func digests(of files: [FilePath]) async throws -> [SHA256Digest] {
        var found: [SHA256Digest] = []
        for start in stride(from: 0, to: files.count, by: batch) {
            let some = files[start..<min(start + batch, files.count)]
            let result = try await Invocation(
                "sha256sum", ["-z", "--"] + some.map(\.string)
            ).run().orThrow()
            let digests = try parse(result.output)
            guard digests.count == some.count else {
                throw ZentooError(.damaged, "sha256sum did not answer for every file")
            }
            found += digests
        }
        return found
    }

    private static func parse(_ output: [UInt8]) throws -> [SHA256Digest] {
        try output.split(separator: 0).map { line in
            guard let digest = SHA256Digest(String(decoding: line.prefix(64), as: UTF8.self))
            else { throw ZentooError(.damaged, "sha256sum gave no digest") }
            return digest
        }
    }
}
