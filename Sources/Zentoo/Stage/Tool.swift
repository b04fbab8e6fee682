internal import Exec
internal import SystemPackage

/// Runs the programs stages and repositories are made with.
enum Tool {
    /// The package that has a program where it may be missing.
    private static let packages = [
        "curl": "net-misc/curl", "gpg": "app-crypt/gnupg", "gpgv": "app-crypt/gnupg",
        "git": "dev-vcs/git", "tar": "app-arch/tar", "skopeo": "app-containers/skopeo",
        "umoci": "app-containers/umoci",
    ]

    /// Runs to the end; a status other than 0 is a result.
    ///
    /// - Throws: ``ZentooError`` with the package to install when the program
    ///   is missing.
    static func run(_ invocation: Invocation) async throws -> Completion {
        do {
            return try await invocation.run()
        } catch let error as ExecError where error.code == .notFound {
            throw ZentooError(
                .notFound, error.description,
                hints: packages[invocation.program].map { ["install \($0)"] } ?? [])
        }
    }

    /// The last line a program said to standard error: its reason.
    static func reason(_ completion: Completion) -> String {
        let lines = String(decoding: completion.errors, as: UTF8.self)
            .split(whereSeparator: \.isNewline)
        return lines.last.map(String.init) ?? completion.status.description
    }
}
