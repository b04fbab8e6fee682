internal import Exec
internal import Glibc
internal import Sites
internal import SystemPackage

/// Runs the programs that process stages and repositories.
enum Tool {
    /// The packages of programs that may be missing.
    private static let packages = [
        "curl": "net-misc/curl", "gpg": "app-crypt/gnupg", "gpgv": "app-crypt/gnupg",
        "git": "dev-vcs/git", "tar": "app-arch/tar", "skopeo": "app-containers/skopeo",
        "umoci": "app-containers/umoci", "prlimit": "sys-apps/util-linux",
    ]

    /// Runs a program to its end; an exit status other than 0 is not an error.
    ///
    /// - Throws: ``ZentooError`` with the package to install if the program is
    ///   missing.
    static func run(_ invocation: Invocation) async throws -> Completion {
        do {
            return try await invocation.run()
        } catch let error as ExecError where error.code == .notFound {
            throw ZentooError(
                .notFound, error.description,
                hints: packages[invocation.program].map { ["install \($0)"] } ?? [])
        }
    }

    /// Runs a program to its end with a limit on the bytes of each file it
    /// writes; see ``isLimited(_:)``.
    ///
    /// - Throws: as ``run(_:)``.
    static func run(_ invocation: Invocation, largestFile: Int64) async throws -> Completion {
        try await run(limited(invocation, largestFile: largestFile))
    }

    /// Returns the same program under prlimit(1).
    ///
    /// - Throws: ``ZentooError`` if the program is missing, which prlimit would
    ///   report less clearly.
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

    /// Returns whether a program was ended because a file would exceed the
    /// limit (setrlimit(2)).
    static func isLimited(_ completion: Completion) -> Bool {
        completion.status == .signaled(SIGXFSZ)
    }

    /// Returns the line of standard error that states why a program failed.
    /// tar(1), cp(1) and git(1) print it first and summarize at the end;
    /// curl(1) and others print warnings first and the reason last.
    static func reason(_ completion: Completion) -> String {
        let lines = String(decoding: completion.errors, as: UTF8.self)
            .split(whereSeparator: \.isNewline).map(String.init)
        let told = lines.filter { line in !summaries.contains { line.hasSuffix($0) } }
            .filter { line in !remarks.contains { line.contains($0) } }
        // The program follows those that limit it or create its namespace.
        let words = [completion.invocation.program] + completion.invocation.arguments
        let program = words.lazy.compactMap { FilePath($0).lastComponent?.string }
            .first { $0 == "cp" || $0 != "prlimit" && packages[$0] != nil }
        let reason =
            program.map(endsWithReason.contains) ?? false ? told.last : told.first
        return reason ?? lines.last ?? completion.status.description
    }

    /// Returns whether a program reported a full disk, as strerror(3) prints it
    /// in the C locale.
    static func isOutOfSpace(_ completion: Completion) -> Bool {
        String(decoding: completion.errors, as: UTF8.self).contains("No space left on device")
    }

    private static let endsWithReason: Set<String> = ["curl", "gpg", "gpgv", "skopeo", "umoci"]

    /// Messages at the end that do not state the reason.
    private static let summaries = [
        "Exiting with failure status due to previous errors",
        "Error is not recoverable: exiting now", "Child returned status 1",
        "Child returned status 2", "Could not read from remote repository.",
        "Please make sure you have the correct access rights", "and the repository exists.",
    ]
    /// Messages that are printed even without an error.
    private static let remarks = [
        "tar: Removing leading", "tar: Ignoring unknown extended header keyword", "warning: ",
        "Warning: ",
    ]
}
