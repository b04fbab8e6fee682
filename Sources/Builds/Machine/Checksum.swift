internal import Exec
internal import Sites
internal import SystemPackage

/// A digest of a file, as computed by coreutils.
struct Checksum: Sendable, Hashable {
    /// The accepted algorithms; MD5, SHA-1 and others that Gentoo's files also
    /// list are not trusted.
    enum Algorithm: String, Sendable, CaseIterable {
        case sha256 = "SHA256"
        case sha512 = "SHA512"
        case blake2b = "BLAKE2B"

        var program: String {
            switch self {
            case .sha256: "sha256sum"
            case .sha512: "sha512sum"
            case .blake2b: "b2sum"
            }
        }

        /// The number of hexadecimal digits of a digest.
        var count: Int { self == .sha256 ? 64 : 128 }
    }

    let algorithm: Algorithm
    /// In lower case.
    let digits: String

    /// Returns the digest of the file `name` in `directory`.
    ///
    /// The name is separate because the programs escape names with special
    /// characters, which the path of the directory can contain.
    static func of(
        _ name: String, in directory: FilePath, _ algorithm: Algorithm
    ) async throws -> Checksum {
        let invocation = Invocation(
            algorithm.program, ["--binary", "--", name], workingDirectory: directory)
        return try Checksum(try await Tool.run(invocation).orThrow(), algorithm)
    }

    /// Returns the SHA-256 of the file `name` in `directory`.
    static func sha256(of name: String, in directory: FilePath) async throws -> SHA256Digest {
        try await of(name, in: directory, .sha256).sha256
    }

    /// Reads the digest from the output of a command that ends in `sha256sum`.
    static func sha256(from completion: Completion) throws -> SHA256Digest {
        try Checksum(completion, .sha256).sha256
    }

    init(_ completion: Completion, _ algorithm: Algorithm) throws {
        let digits = completion.text.prefix { $0 != " " }
        guard digits.utf8.count == algorithm.count, SHA256Digest.isPrefix(String(digits.prefix(64)))
        else {
            throw ZentooError(
                .failed,
                "'\(completion.invocation.commandLine)' printed no digest: '\(completion.text)'")
        }
        self.algorithm = algorithm
        self.digits = String(digits)
    }

    /// The same digest as a ``SHA256Digest``.
    private var sha256: SHA256Digest {
        get throws {
            guard let digest = SHA256Digest(digits) else {
                throw ZentooError(.failed, "'\(digits)' is not a SHA-256 digest")
            }
            return digest
        }
    }
}
