internal import Logging
internal import Subprocess
internal import SystemPackage

extension Invocation {
    /// Runs two programs, the second of which reads what the first writes.
    ///
    /// - Parameter limit: how many bytes are kept of what else they say.
    /// - Returns: how each of them ended; a program that failed is no error.
    /// - Throws: as ``run(limit:)``.
    public func run(
        into reader: Invocation, limit: Int = 1 << 20
    ) async throws -> (writer: Completion, reader: Completion) {
        Self.logger.debug("\(commandLine) | \(reader.commandLine)")
        let pipe = try FileDescriptor.pipe(options: .closeOnExec)
        async let written = write(to: pipe.writeEnd, limit: limit)
        async let read = reader.read(from: pipe.readEnd, limit: limit)
        return try await (written, read)
    }

    private func write(to end: FileDescriptor, limit: Int) async throws -> Completion {
        do {
            let result = try await Subprocess.run(
                configuration(createSession: true), input: .none,
                output: .fileDescriptor(end, closeAfterSpawningProcess: true),
                error: .bytes(limit: limit))
            return try completion(result.terminationStatus, [], result.standardError)
        } catch let error as SubprocessError {
            throw ExecError(invocation: self, error: error)
        }
    }

    private func read(from end: FileDescriptor, limit: Int) async throws -> Completion {
        do {
            let result = try await Subprocess.run(
                configuration(createSession: true),
                input: .fileDescriptor(end, closeAfterSpawningProcess: true),
                output: .bytes(limit: limit), error: .bytes(limit: limit))
            return try completion(
                result.terminationStatus, result.standardOutput, result.standardError)
        } catch let error as SubprocessError {
            throw ExecError(invocation: self, error: error)
        }
    }
}
