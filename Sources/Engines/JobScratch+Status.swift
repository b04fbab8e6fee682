internal import SystemPackage

extension JobScratch {
    private static let engineMark: FilePath.Component = "engine"

    /// Writes down whose job it is: engines share a state directory.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    borrowing func assign(to engine: String) throws {
        do {
            try SmallFile.write(engine, to: path.appending(Self.engineMark))
        } catch let error as Errno {
            throw EngineError.setup("cannot write in '\(path)'", error, at: path)
        }
    }

    /// The name of whose job a directory is; nil while nobody has said it.
    static func engine(of path: FilePath) -> String? {
        SmallFile.text(of: path.appending(engineMark))
    }

    /// The jobs of an engine, by id.
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
