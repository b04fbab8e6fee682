internal import Exec
internal import Glibc
internal import SystemPackage

extension LocalEngine {
    /// The first version of bubblewrap with `--size` and `--perms`.
    private static let oldestBubblewrap = [0, 8]

    /// Checks the engine by trying: a job runs in an empty root up to the point
    /// where its command is not found.
    ///
    /// - Throws: ``EngineError`` that names what is missing and how to fix it.
    public func check() async throws {
        try await privileges.check()
        try await checkBubblewrap()
        guard launcher.withPlatformString({ access($0, X_OK) }) == 0 else {
            throw EngineError(.unavailable, "cannot run '\(launcher)': \(Errno(rawValue: errno))")
        }
        let outcome: Outcome
        do {
            let empty = try JobScratch.makeEmptyDirectory(in: state)
            defer { _ = empty.withPlatformString { rmdir($0) } }
            let step = Step(
                name: "check", command: ["/command-that-is-not-there"],
                mounts: [.memory(target: "/memory", bytes: 1 << 20)])
            let stage = StageImage(name: "empty", digest: "", tree: empty)
            outcome = try await run(
                Job(
                    id: empty.lastComponent?.string ?? "check", root: .overlay(stage),
                    steps: [step])
            ) { _ in }
        } catch let error as EngineError {
            throw EngineError(
                .unavailable, error.message, hints: ["git config zentoo.state DIR"])
        }
        guard outcome.failure?.status == .exited(127) else {
            throw EngineError(.unavailable, "cannot tell why a command did not start")
        }
    }

    private func checkBubblewrap() async throws {
        let hints = ["apt install bubblewrap", "emerge sys-apps/bubblewrap"]
        let completion: Completion
        do {
            completion = try await Invocation("bwrap", ["--version"]).run(limit: 1 << 16)
        } catch let error as ExecError {
            throw EngineError(.unavailable, "\(error)", hints: hints)
        }
        guard completion.status.isSuccess else {
            throw EngineError(
                .unavailable, "'bwrap --version' failed (\(completion.status))", hints: hints)
        }
        let version = completion.text
        let number = version.split(separator: " ").last ?? ""
        let parts = number.split(separator: ".").map { Int($0) ?? 0 }
        guard !parts.lexicographicallyPrecedes(Self.oldestBubblewrap) else {
            throw EngineError(
                .unavailable, "bubblewrap \(number) is older than 0.8", hints: hints)
        }
    }
}
