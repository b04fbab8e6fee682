package import Engines
package import Sites

/// Selects the engine that runs the jobs of a tuple: the forced one, else the
/// tuple's own, else the standard one.
package struct EngineChoice: Sendable {
    /// `--engine`: for all tuples, overriding their options.
    package let forced: EngineName?
    /// `zentoo.engine`: for tuples without an engine option.
    package let standard: EngineName
    private let make: @Sendable (EngineName) throws -> any Engine
    private let readiness = Readiness()

    /// Creates a choice of engines.
    ///
    /// - Parameter make: creates an engine of this machine by its name; throws
    ///   if its settings are invalid.
    package init(
        forced: EngineName? = nil, standard: EngineName,
        make: @escaping @Sendable (EngineName) throws -> any Engine
    ) {
        self.forced = forced
        self.standard = standard
        self.make = make
    }

    /// The engine of jobs that belong to no tuple.
    package var usual: EngineName { forced ?? standard }

    /// Returns the engine of a tuple with these options.
    package func name(for options: TupleOptions) -> EngineName {
        forced ?? options.engine ?? standard
    }

    /// Creates an engine without checking it.
    ///
    /// - Throws: `EngineError`, `GitError` or ``ZentooError`` if its settings
    ///   are invalid.
    package func engine(_ name: EngineName) throws -> any Engine { try make(name) }

    /// Returns an engine that was checked and swept, which is done once.
    ///
    /// - Throws: `EngineError` with the reason why it is not available.
    package func ready(_ name: EngineName) async throws -> any Engine {
        try await readiness.engine(name) {
            let engine = try make(name)
            try await engine.check()
            try await engine.sweep()
            return engine
        }
    }

    /// The engines that are ready.
    private actor Readiness {
        private var engines: [EngineName: Task<any Engine, any Error>] = [:]

        func engine(
            _ name: EngineName, _ make: @escaping @Sendable () async throws -> any Engine
        ) async throws -> any Engine {
            // All concurrent callers await this task, so none can be its
            // parent.
            let task = engines[name] ?? Task { try await make() }
            engines[name] = task
            do {
                return try await task.value
            } catch {
                // A daemon may be available the next time.
                if engines[name] == task { engines[name] = nil }
                throw error
            }
        }
    }
}

extension Machine {
    /// Returns the same machine with the tuple's engine, ready for use.
    ///
    /// - Throws: `EngineError` if jobs cannot run there.
    package func working(on tuple: Tuple, of site: Site) async throws -> Machine {
        guard let engines else { return self }
        let name = engines.name(for: site.tuplesFile.options(of: tuple))
        // The local engine was swept when the command started, and reports what
        // it lacks by itself.
        guard name != engines.usual || name != .local else { return self }
        var machine = self
        machine.engine = try await engines.ready(name)
        return machine
    }
}
