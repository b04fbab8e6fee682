internal import Exec
internal import Glibc
internal import Sites
internal import SystemPackage

/// Runs the programs stages and repositories are made with.
enum Tool {
    /// The package that has a program where it may be missing.
    private static let packages = [
        "curl": "net-misc/curl", "gpg": "app-crypt/gnupg", "gpgv": "app-crypt/gnupg",
        "git": "dev-vcs/git", "tar": "app-arch/tar", "skopeo": "app-containers/skopeo",
        "umoci": "app-containers/umoci", "prlimit": "sys-apps/util-linux",
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

    /// Runs to the end a program that may write no file of more than so many bytes;
    /// see ``isLimited(_:)``.
    ///
    /// - Throws: as ``run(_:)``.
    static func run(_ invocation: Invocation, largestFile: Int64) async throws -> Completion {
        try await run(limited(invocation, largestFile: largestFile))
    }

    /// The same program under prlimit(1).
    ///
    /// - Throws: ``ZentooError`` when the program is missing, which prlimit could not
    ///   say so well.
    static func limited(_ invocation: Invocation, largestFile: Int64) throws -> Invocation {
        let path = SearchPath(invocation.environment["PATH"] ?? "")
        guard path.find(invocation.program) != nil else {
            throw ZentooError(
                .notFound, "cannot find program '\(invocation.program)'",
                hints: packages[invocation.program].map { ["install \($0)"] } ?? [])
        }
        var limited = invocation
        limited.program = "prlimit"
        limited.arguments =
            ["--fsize=\(largestFile)", "--core=0", "--", invocation.program]
            + invocation.arguments
        return limited
    }

    /// Whether a program ended since a file would have become larger than it may
    /// (setrlimit(2)).
    static func isLimited(_ completion: Completion) -> Bool {
        completion.status == .signaled(SIGXFSZ)
    }

    /// What a program said to standard error that tells why it failed. tar(1), cp(1)
    /// and git(1) say that first, and sum up at the end; curl(1) and others warn
    /// first, and say it last.
    static func reason(_ completion: Completion) -> String {
        let lines = String(decoding: completion.errors, as: UTF8.self)
            .split(whereSeparator: \.isNewline).map(String.init)
        let told = lines.filter { line in !summaries.contains { line.hasSuffix($0) } }
            .filter { line in !remarks.contains { line.contains($0) } }
        // Behind what limits it, or gives it a namespace.
        let words = [completion.invocation.program] + completion.invocation.arguments
        let program = words.lazy.compactMap { FilePath($0).lastComponent?.string }
            .first { $0 == "cp" || $0 != "prlimit" && packages[$0] != nil }
        let reason =
            program.map(endsWithReason.contains) ?? false ? told.last : told.first
        return reason ?? lines.last ?? completion.status.description
    }

    /// Whether a program found a disk full, as strerror(3) has it in the C locale.
    static func isOutOfSpace(_ completion: Completion) -> Bool {
        String(decoding: completion.errors, as: UTF8.self).contains("No space left on device")
    }

    private static let endsWithReason: Set<String> = ["curl", "gpg", "gpgv", "skopeo", "umoci"]

    /// What is said at the end, whatever went wrong.
    private static let summaries = [
        "Exiting with failure status due to previous errors",
        "Error is not recoverable: exiting now", "Child returned status 1",
        "Child returned status 2", "Could not read from remote repository.",
        "Please make sure you have the correct access rights", "and the repository exists.",
    ]
    /// What is said although nothing went wrong.
    private static let remarks = [
        "tar: Removing leading", "tar: Ignoring unknown extended header keyword", "warning: ",
        "Warning: ",
    ]
}
