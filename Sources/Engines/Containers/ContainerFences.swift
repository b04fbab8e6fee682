internal import Glibc
internal import SystemPackage

/// The fenced directories of one run of a job.
struct ContainerFences {
    private let fenced: [FencedDirectory]
    private let scratch: FilePath

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
        self.scratch = scratch
        let places = (given?.fenced ?? []).map(\.own) + fenced.map(\.own)
        if places.isEmpty { return }
        do {
            try SmallFile.write(
                places.map { "\($0)\n" }.joined(), to: scratch.appending(Self.list))
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

    /// Throws away what was written, as far as nobody writes there any more.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    func discard(by privileges: Privileges) async throws {
        for directory in fenced { try await privileges.removeTree(directory.own) }
    }

    /// Removes what the runs of a job that died have written to.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    static func sweep(_ scratch: FilePath, by privileges: Privileges) async throws {
        let text = SmallFile.text(of: scratch.appending(list)) ?? ""
        for path in text.split(separator: "\n") {
            try await privileges.removeTree(FilePath(String(path)))
        }
    }
}
