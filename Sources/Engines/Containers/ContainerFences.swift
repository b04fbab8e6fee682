internal import SystemPackage

/// The fenced directories of one run of a job.
struct ContainerFences {
    private let fenced: [FencedDirectory]

    /// What a sweep finds them by, in the job's directory: a path a line.
    static let list: FilePath.Component = "fences"

    /// Makes what the run writes to.
    ///
    /// - Parameters:
    ///   - attempt: which run of the job it is, from 1.
    ///   - given: the fences of the run before, which was given up.
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
            // With those of all runs before: they may have outlived them.
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

    /// By the directory that is meant, what the run writes to.
    var directories: [FilePath: FilePath] {
        Dictionary(uniqueKeysWithValues: fenced.map { ($0.directory, $0.own) })
    }

    /// Has all arrive that was written.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    func publish(by privileges: Privileges) async throws {
        for directory in fenced { try directory.publish() }
        try await discard(by: privileges)
    }

    /// Throws away what was written.
    ///
    /// - Throws: ``EngineError`` with code `setup`, also when somebody keeps
    ///   writing there.
    func discard(by privileges: Privileges) async throws {
        for directory in fenced { try await Self.remove(directory.own, by: privileges) }
    }

    /// Removes what all runs of a job have written to.
    ///
    /// - Throws: as ``discard(by:)``.
    static func sweep(_ scratch: FilePath, by privileges: Privileges) async throws {
        let text = SmallFile.text(of: scratch.appending(list)) ?? ""
        for path in text.split(separator: "\n") {
            try await remove(FilePath(String(path)), by: privileges)
        }
    }

    /// How often a directory is emptied in which files appear again.
    private static let mostTries = 20

    /// Removes a directory to which a run that is out of sight may still
    /// write: a file that it makes at the wrong moment keeps the directory
    /// there. Nothing can be made in one that is gone.
    private static func remove(_ path: FilePath, by privileges: Privileges) async throws {
        for _ in 1..<mostTries {
            do {
                return try await privileges.removeTree(path)
            } catch is EngineError {
                // Not for long where this cleans up behind who was cancelled.
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
        try await privileges.removeTree(path)
    }
}
