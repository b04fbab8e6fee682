import ArgumentParser
import Synchronization
import SystemPackage
import TestSupport

@testable import Commands

/// Standard output or standard error in memory.
final class MemorySink: ByteSink {
    private let bytes = Mutex<[UInt8]>([])
    private let failure: Errno?
    let isTerminal: Bool
    let columns: Int?

    init(columns: Int? = nil, failure: Errno? = nil) {
        self.columns = columns
        self.failure = failure
        isTerminal = columns != nil
    }

    func write(_ bytes: [UInt8]) throws {
        if let failure { throw failure }
        self.bytes.withLock { $0 += bytes }
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

/// Runs a command in this process, without a user's environment and without a
/// terminal, and returns its output and status.
func run(
    _ arguments: [String], root: any AsyncParsableCommand.Type = Tool.self,
    environment: [String: String] = [:], results: MemorySink = MemorySink(),
    messages: MemorySink = MemorySink(), setting: String? = nil,
    interruptions: AsyncStream<Int32> = AsyncStream { _ in }
) async -> CommandResult {
    let runner = CommandRunner(
        root: root, environment: environment, workingDirectory: "/nonexistent",
        executable: "/nonexistent/git-zentoo", results: results, messages: messages,
        colorSetting: { setting })
    let status = await runner.run(arguments, interruptions: interruptions)
    return CommandResult(output: results.text, errors: messages.text, status: status.code)
}

extension Output {
    /// Returns an output and the two streams that it writes to.
    static func inMemory(
        terminal columns: Int? = nil, _ manner: Manner = Manner()
    ) -> (output: Output, results: MemorySink, messages: MemorySink) {
        let (results, messages) = (MemorySink(columns: columns), MemorySink(columns: columns))
        return (
            Output(results: results, messages: messages, manner: manner), results, messages
        )
    }
}
