internal import Builds
internal import Files
internal import Git
internal import Records
internal import Sites

extension Session {
    /// The records, after what died on this machine was made whole.
    ///
    /// To be asked is no reason to fail: where nothing can be completed, as in
    /// a clone one may only read, the records are answered from as they are.
    ///
    /// - Parameter storing: whether what is composed to be compared with them
    ///   is stored in the repository.
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
