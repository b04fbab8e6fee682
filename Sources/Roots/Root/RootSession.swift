package import Builds
internal import Engines
internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// A session in a root: a shell or one command, with emerge at hand.
package struct RootSession: Sendable {
    let machine: Machine
    let sites: [ZentooName]
    let preferredSite: ZentooName

    /// Enters roots on `machine`.
    ///
    /// - Parameters:
    ///   - sites: the repository's sites.
    ///   - preferred: the one a root is taken to be of when its history fits
    ///     several of them, or none.
    package init(machine: Machine, sites: [ZentooName], preferred: ZentooName) {
        self.machine = machine
        self.sites = sites
        preferredSite = preferred
    }

    /// Enters a root and returns when that has ended.
    ///
    /// - Throws: ``ZentooError``: `busy` when somebody is in it, `unsupported`
    ///   by an engine without terminals; `EngineError`, `GitError`,
    ///   `FileError`.
    package func enter(
        _ name: ZentooName, options: SessionOptions,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> SessionReport {
        let place = RootPlace(name, in: machine.state)
        return try await RootLock.holding(place, "entered") {
            try await BuildLife.during(BuildID.make(), on: machine) { id in
                let workplace = try await RootWorkplace(
                    place, on: machine, sites: sites, preferredSite: preferredSite,
                    report: report
                ).withEngine()
                let engine = workplace.machine.engine
                guard let engine = engine as? any TerminalEngine else {
                    throw ZentooError(
                        .unsupported, "engine '\(engine.name)' cannot enter a root",
                        hints: ["'--engine local' enters it on this machine"])
                }
                return try await SessionRun(
                    id: id, engine: engine, options: options, workplace: workplace
                ).perform()
            }
        }
    }
}

/// How a session ended.
package struct SessionReport: Sendable, Hashable, Codable {
    /// The root.
    package let name: ZentooName
    /// What the shell or command ended with, as a shell shows it.
    package let status: Int32
    /// Whether the root's changes stay for the next session.
    package let isKept: Bool
    /// What became of the packages it compiled.
    package let packages: AdoptionReport
}
