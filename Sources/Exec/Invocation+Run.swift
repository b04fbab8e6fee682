internal import Glibc
internal import Logging
internal import Subprocess
internal import SystemPackage

extension Invocation {
    /// Runs the program to its end and collects its output.
    ///
    /// An exit status other than zero is not an error; see
    /// ``Completion/orThrow()`` for callers that need one. Cancelling the task
    /// ends the program, first by SIGTERM, after ``grace`` by SIGKILL.
    ///
    /// - Parameter limit: the maximum number of bytes kept of each stream; more
    ///   than that on standard output is an error.
    /// - Throws: ``ExecError`` when the program cannot be started or its output
    ///   exceeds `limit`; `Errno` when `/tmp` cannot hold its input;
    ///   `CancellationError` when the task was cancelled.
    public func run(limit: Int = 64 << 20) async throws -> Completion {
        Self.logger.debug("\(commandLine)")
        let configuration = configuration(createSession: input != .inherited)
        do {
            switch input {
            case .none:
                let result = try await Subprocess.run(
                    configuration, input: .none, output: .bytes(limit: limit),
                    error: .bytes(limit: limit))
                return try completion(
                    result.terminationStatus, result.standardOutput, result.standardError)
            case .bytes(let bytes):
                let result = try await Subprocess.run(
                    configuration,
                    input: .fileDescriptor(
                        try Self.file(holding: bytes), closeAfterSpawningProcess: true),
                    output: .bytes(limit: limit), error: .bytes(limit: limit))
                return try completion(
                    result.terminationStatus, result.standardOutput, result.standardError)
            case .held:
                let (end, hold) = try Self.heldPipe()
                defer { try? hold.close() }
                let result = try await Subprocess.run(
                    configuration,
                    input: .fileDescriptor(end, closeAfterSpawningProcess: true),
                    output: .bytes(limit: limit), error: .bytes(limit: limit))
                return try completion(
                    result.terminationStatus, result.standardOutput, result.standardError)
            case .inherited:
                let result = try await Subprocess.run(
                    configuration, input: .currentStandardInput,
                    output: .currentStandardOutput, error: .currentStandardError)
                return try completion(result.terminationStatus, [], [])
            }
        } catch let error as SubprocessError {
            throw ExecError(invocation: self, error: error)
        }
    }

    /// Runs the program to its end and passes on each line of both streams as
    /// it arrives, without its newline, as raw bytes.
    ///
    /// - Parameter onLine: called once per line, in order and never
    ///   concurrently.
    /// - Returns: the exit status of the program.
    /// - Throws: as ``run(limit:)``.
    public func stream(
        onLine: @escaping @Sendable (_ line: [UInt8]) -> Void
    ) async throws -> ExitStatus {
        Self.logger.debug("\(commandLine)")
        do {
            let status: TerminationStatus
            if input == .held {
                let (end, hold) = try Self.heldPipe()
                defer { try? hold.close() }
                status = try await Subprocess.run(
                    configuration(createSession: true),
                    input: .fileDescriptor(end, closeAfterSpawningProcess: true),
                    output: .sequence, error: .combinedWithOutput
                ) { try await Self.pass($0.standardOutput, onLine) }.terminationStatus
            } else {
                status = try await Subprocess.run(
                    configuration(createSession: true), input: .none, output: .sequence,
                    error: .combinedWithOutput
                ) { try await Self.pass($0.standardOutput, onLine) }.terminationStatus
            }
            try Task.checkCancellation()
            return ExitStatus(status)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ExecError(invocation: self, error: error)
        }
    }

    private static func pass(
        _ output: SubprocessOutputSequence, _ onLine: (_ line: [UInt8]) -> Void
    ) async throws {
        var lines = LineSplitter()
        for try await buffer in output {
            buffer.withUnsafeBytes { lines.feed($0, onLine) }
        }
        lines.finish(onLine)
    }

    /// Creates a pipe whose write end this process holds, so that the reader
    /// gets end of file when this process ends.
    private static func heldPipe() throws -> (end: FileDescriptor, hold: FileDescriptor) {
        let pipe = try FileDescriptor.pipe(options: .closeOnExec)
        return (pipe.readEnd, pipe.writeEnd)
    }

    /// Creates an unlinked temporary file with the bytes, positioned at its
    /// start.
    ///
    /// A pipe cannot be used: a program may end without reading it, as gpg(1)
    /// does when it has no key, and the resulting error of the writer can at
    /// best not be distinguished from a failure to run the program.
    private static func file(holding bytes: [UInt8]) throws -> FileDescriptor {
        let name = FilePath("/tmp/zentoo-input.\(UInt64.random(in: .min ... .max))")
        let file = try FileDescriptor.open(
            name, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite)
        unlink(name.string)
        do {
            _ = try file.writeAll(bytes)
            _ = try file.seek(offset: 0, from: .start)
        } catch {
            try? file.close()
            throw error
        }
        return file
    }

    func completion(
        _ status: TerminationStatus, _ output: [UInt8], _ errors: [UInt8]
    ) throws -> Completion {
        try Task.checkCancellation()
        return Completion(
            invocation: self, status: ExitStatus(status), output: output, errors: errors)
    }
}
