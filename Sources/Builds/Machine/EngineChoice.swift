package import Engines
package import Sites

/// Which engine runs the jobs of a tuple: the one that is forced, else the
/// tuple's own, else the standard one.
package struct EngineChoice: Sendable {
    /// `--engine`: for all tuples, whatever they say.
    package let forced: EngineName?
    /// `zentoo.engine`: for what says nothing.
    package let standard: EngineName
    private let make: @Sendable (EngineName) throws -> any Engine
    private let readiness = Readiness()

    /// A choice among engines.
    ///
    /// - Parameter make: an engine of this machine by its name; throws for
    ///   settings that make none.
    package init(
        forced: EngineName? = nil, standard: EngineName,
        make: @escaping @Sendable (EngineName) throws -> any Engine
    ) {
        self.forced = forced
        self.standard = standard
        self.make = make
    }

    /// The engine of jobs that are no tuple's.
    package var usual: EngineName { forced ?? standard }

    /// The engine of a tuple with these options.
    package func name(for options: TupleOptions) -> EngineName {
        forced ?? options.engine ?? standard
    }

    /// An engine, not checked.
    ///
    /// - Throws: `EngineError`, `GitError` or ``ZentooError`` for settings that
    ///   make none.
    package func engine(_ name: EngineName) throws -> any Engine { try make(name) }

    /// An engine that was checked and swept, which is done once.
    ///
    /// - Throws: `EngineError` that says why it cannot be had.
    package func ready(_ name: EngineName) async throws -> any Engine {
        try await readiness.engine(name) {
            let engine = try make(name)
            try await engine.check()
            try await engine.sweep()
            return engine
        }
    }

    /// The engines that were made ready.
    private actor Readiness {
        private var engines: [EngineName: Task<any Engine, any Error>] = [:]

        func engine(
            _ name: EngineName, _ make: @escaping @Sendable () async throws -> any Engine
        ) async throws -> any Engine {
            // Awaited by all who ask meanwhile, of whom none is its parent.
            let task = engines[name] ?? Task { try await make() }
            engines[name] = task
            do {
                return try await task.value
            } catch {
                // A daemon may be there the next time.
                if engines[name] == task { engines[name] = nil }
                throw error
            }
        }
    }
}

extension Machine {
    /// The same machine with the engine of a tuple at work, made ready.
    ///
    /// - Throws: `EngineError` when jobs cannot run there.
    package func working(on tuple: Tuple, of site: Site) async throws -> Machine {
        guard let engines else { return self }
        let name = engines.name(for: site.tuplesFile.options(of: tuple))
        // That one was swept when the command began, and says itself what it
        // lacks.
        guard name != engines.usual || name != .local else { return self }
        var machine = self
        machine.engine = try await engines.ready(name)
        return machine
    }
}
