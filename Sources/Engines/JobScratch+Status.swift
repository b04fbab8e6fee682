internal import SystemPackage

extension JobScratch {
    private static let engineMark: FilePath.Component = "engine"

    /// Records the engine that runs the job: engines share a state directory.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    borrowing func assign(to engine: String) throws {
        do {
            try SmallFile.write(engine, to: path.appending(Self.engineMark))
        } catch let error as Errno {
            throw EngineError.setup("cannot write in '\(path)'", error, at: path)
        }
    }

    /// Returns the name of the engine that runs a directory's job; nil before
    /// one is recorded.
    static func engine(of path: FilePath) -> String? {
        SmallFile.text(of: path.appending(engineMark))
    }

    /// Returns the jobs of an engine, sorted by id.
    static func jobs(in state: FilePath, of engine: String) -> [EngineStatus.PlacedJob] {
        let jobs = state.appending("jobs")
        let names = (try? Directory.names(in: jobs)) ?? []
        return names.filter { $0.first != "." }.compactMap { name in
            let path = jobs.appending(name)
            guard Self.engine(of: path) == engine else { return nil }
            let state: EngineStatus.PlacedJob.State =
                isOwned(path) ? .running : isKept(path) ? .kept : .left
            return EngineStatus.PlacedJob(id: name, state: state)
        }
    }
}
