internal import Exec
internal import Git
internal import Server
internal import Sites
internal import SystemPackage

/// The programs that are notified when builds end (`zentoo.notify`).
///
/// Each gets the JSON of a `WorkerEnding` on its standard input and its kind as
/// the only argument; no shell is involved. A program that fails, or takes
/// longer than `zentoo.notifyTimeout` seconds, only causes a warning.
struct Notifiers: Sendable {
    let programs: [String]
    let environment: [String: String]
    let directory: FilePath
    let limit: Duration

    init(_ session: Session) throws {
        programs = session.configuration.strings("zentoo.notify")
        let seconds = try session.configuration.int("zentoo.notifyTimeout") ?? 30
        limit = .seconds(max(1, seconds))
        // Part of the process's environment: PATH, and the proxy of a webhook.
        environment = session.git.environment
        directory = session.repository.commonDirectory
        for program in programs where !program.hasPrefix("/") {
            throw ZentooError(
                .unsupported, "zentoo.notify '\(program)' is not an absolute path",
                hints: ["git config --replace-all zentoo.notify /path/to/program"])
        }
    }

    /// Runs the programs one after the other.
    ///
    /// - Returns: the problems that occurred.
    func tell(_ ending: WorkerEnding) async -> [String] {
        guard !programs.isEmpty else { return [] }
        let record: [UInt8]
        do { record = try JSONText.encode(ending) } catch { return ["\(error)"] }
        var problems: [String] = []
        for program in programs {
            if let problem = await run(program, ending.kind.rawValue, record) {
                problems.append("zentoo.notify '\(program)' \(problem)")
            }
        }
        return problems
    }

    private func run(_ program: String, _ kind: String, _ record: [UInt8]) async -> String? {
        let invocation = Invocation(
            program, [kind], environment: environment, workingDirectory: directory,
            input: .bytes(record), grace: .seconds(2))
        // An unstructured task, awaited at once: a worker that is told to stop
        // still sends its notifications first.
        return await Task {
            await withTaskGroup(of: String?.self) { group in
                group.addTask {
                    do {
                        try await invocation.run(limit: 1 << 20).orThrow()
                        return nil
                    } catch is CancellationError {
                        return "took longer than \(limit)"
                    } catch {
                        return "failed: \(error)"
                    }
                }
                group.addTask {
                    try? await Task.sleep(for: limit)
                    return ""
                }
                var problem: String?
                for await said in group {
                    group.cancelAll()
                    if let said, !said.isEmpty { problem = said }
                }
                return problem
            }
        }.value
    }
}
