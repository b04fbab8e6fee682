internal import Exec
internal import Sites
package import SystemPackage

/// The builds that made a package.
package struct WhenceAnswer: Sendable, Hashable, Codable {
    /// The question, as the user wrote it.
    package let question: String
    /// The builds, by package, then oldest first.
    package let origins: [PackageOrigin]
}

extension ResultReader {
    /// Returns the builds that made what the user names: a digest or a unique
    /// prefix of one, a path in the pool, a version, or a package.
    ///
    /// - Throws: ``ZentooError``: `notFound`, or `ambiguous` with the digests;
    ///   ``GitError``.
    package func whence(_ text: String) throws -> WhenceAnswer {
        guard let query = WhenceQuery(text) else {
            throw ZentooError(
                .invalidName, "'\(text)' is no digest, pool path or package",
                hints: ["git zentoo whence sys-apps/sed", "git zentoo whence <sha256>"])
        }
        let origins = try origins(query)
        guard !origins.isEmpty else {
            throw ZentooError(.notFound, "no record of a build that made '\(text)'")
        }
        return WhenceAnswer(question: text, origins: origins)
    }

    /// Returns the builds that made a file, by its content alone, wherever it
    /// is.
    ///
    /// - Parameter environment: the environment of `sha256sum`(1).
    /// - Throws: ``ZentooError``, `notFound`; ``ExecError``; ``GitError``.
    package func whence(
        file: FilePath, environment: [String: String] = Invocation.basicEnvironment
    ) async throws -> WhenceAnswer {
        let digest = try await FileDigests(environment: environment).digest(of: file)
        let origins = try whence.origins(of: digest)
        guard !origins.isEmpty else {
            throw ZentooError(
                .notFound, "no record of a build that made '\(file)'",
                hints: ["its SHA-256 is \(digest)"])
        }
        return WhenceAnswer(question: file.description, origins: origins)
    }

    private func origins(_ query: WhenceQuery) throws -> [PackageOrigin] {
        switch query {
        case .digest(let digest): return try whence.origins(of: digest)
        case .path(let path): return try whence.origins(of: path.cpv).filter { $0.path == path }
        case .version(let cpv): return try whence.origins(of: cpv)
        case .package(let category, let name): return try origins(of: name, in: category)
        case .word(let word):
            let digests = try whence.digests(beginningWith: word)
            guard digests.count < 2 else {
                throw ZentooError(
                    .ambiguous, "digest '\(word)' is ambiguous",
                    hints: digests.prefix(10).map(\.description))
            }
            if let digest = digests.first { return try whence.origins(of: digest) }
            return try origins(of: word, in: nil)
        }
    }

    private func origins(of name: String, in category: String?) throws -> [PackageOrigin] {
        try whence.origins(of: whence.versions(of: name, in: category))
    }
}
