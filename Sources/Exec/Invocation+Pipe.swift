internal import Logging
internal import Subprocess
internal import SystemPackage

extension Invocation {
    /// Runs two programs; the second reads the standard output of the first.
    ///
    /// - Parameters:
    ///   - reader: the second program.
    ///   - limit: the maximum number of bytes kept of each of the other
    ///     streams.
    /// - Returns: the results of both; a failed program is not an error.
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
