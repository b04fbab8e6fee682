internal import Builds
internal import Files
internal import Git
internal import Records
internal import Sites

extension Session {
    /// Returns the records, after completing those of builds that were killed
    /// on this machine.
    ///
    /// A query does not fail because of that: if nothing can be completed, as
    /// in a read-only clone, the records are read as they are.
    ///
    /// - Parameter storing: whether commits composed for comparison with the
    ///   records are stored in the repository.
    func records(storing: Bool = true) async throws -> ResultReader {
        let buildsHere = try FileStatus.of(settings.state.locks) != nil
        if buildsHere, try Recorder(repository).hasPending {
            do {
                try await recover(machine())
            } catch let error where !(error is CancellationError) {
                context.output.warning("what a killed build left stays as it is: \(error)")
            }
        }
        return try ResultReader(storing ? repository : repository.withObjectsInMemory())
    }
}
