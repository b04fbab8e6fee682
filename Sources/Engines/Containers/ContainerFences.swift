internal import SystemPackage

/// The fenced directories of one run of a job.
struct ContainerFences {
    private let fenced: [FencedDirectory]

    /// The file in the job's directory that lists the writable copies for a
    /// sweep, one path per line.
    static let list: FilePath.Component = "fences"

    /// Creates the directories that the run writes to.
    ///
    /// - Parameters:
    ///   - steps: the steps of the run.
    ///   - job: the job's id.
    ///   - attempt: the number of the run of the job, from 1.
    ///   - scratch: the job's directory.
    ///   - given: the fences of the previous run, which was abandoned.
    /// - Throws: ``EngineError`` with code `setup`.
    init(
        _ steps: [Step], job: String, attempt: Int, scratch: FilePath,
        after given: ContainerFences? = nil
    ) throws {
        var sources: [FilePath] = []
        for case .fenced(let source, _) in steps.flatMap(\.mounts) where !sources.contains(source) {
            sources.append(source)
        }
        fenced = sources.map { FencedDirectory($0, job: job, attempt: attempt) }
        if fenced.isEmpty { return }
        do {
            // The list keeps the directories of earlier runs, which may still
            // exist.
            let list = scratch.appending(Self.list)
            let earlier = SmallFile.text(of: list) ?? ""
            try SmallFile.write(
                earlier + fenced.map { "\($0.own)\n" }.joined(), to: list)
        } catch {
            throw EngineError(.setup, "cannot write in '\(scratch)': \(error)")
        }
        for (index, directory) in fenced.enumerated() {
            try directory.make(salvaging: given?.fenced[index].own)
        }
    }

    /// The directories that the run writes to, by the fenced directory.
    var directories: [FilePath: FilePath] {
        Dictionary(uniqueKeysWithValues: fenced.map { ($0.directory, $0.own) })
    }

    /// Publishes everything that was written.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    func publish(by privileges: Privileges) async throws {
        for directory in fenced { try directory.publish() }
        try await discard(by: privileges)
    }

    /// Discards everything that was written.
    ///
    /// - Throws: ``EngineError`` with code `setup`, also when a process keeps
    ///   writing there.
    func discard(by privileges: Privileges) async throws {
        for directory in fenced { try await Self.remove(directory.own, by: privileges) }
    }

    /// Removes the directories that all runs of a job wrote to.
    ///
    /// - Throws: as ``discard(by:)``.
    static func sweep(_ scratch: FilePath, by privileges: Privileges) async throws {
        let text = SmallFile.text(of: scratch.appending(list)) ?? ""
        for path in text.split(separator: "\n") {
            try await remove(FilePath(String(path)), by: privileges)
        }
    }

    /// The maximum number of attempts to remove a directory in which files
    /// reappear.
    private static let mostTries = 20

    /// Removes a directory to which an unreachable run may still write: a file
    /// created at the wrong moment keeps the directory from being removed. Once
    /// the directory is removed, nothing more can be created in it.
    private static func remove(_ path: FilePath, by privileges: Privileges) async throws {
        for _ in 1..<mostTries {
            do {
                return try await privileges.removeTree(path)
            } catch is EngineError {
                // A cancelled task does not sleep here, so its clean-up is
                // fast.
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
        try await privileges.removeTree(path)
    }
}
