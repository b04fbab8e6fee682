package import Builds
internal import Engines
internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// A session in a root: a shell or one command, with emerge available.
package struct RootSession: Sendable {
    let machine: Machine
    let sites: [ZentooName]
    let preferredSite: ZentooName

    /// Creates a session on `machine`.
    ///
    /// - Parameters:
    ///   - sites: the repository's sites.
    ///   - preferred: the site that a root is assigned to when its history
    ///     matches several sites, or none.
    package init(machine: Machine, sites: [ZentooName], preferred: ZentooName) {
        self.machine = machine
        self.sites = sites
        preferredSite = preferred
    }

    /// Enters a root and returns when the session has ended.
    ///
    /// - Throws: ``ZentooError``: `busy` when the root is in use, `unsupported`
    ///   when the engine has no terminals; `EngineError`, `GitError`,
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

/// The result of a session.
package struct SessionReport: Sendable, Hashable, Codable {
    /// The root.
    package let name: ZentooName
    /// The exit status of the shell or command, as a shell reports it.
    package let status: Int32
    /// Whether the root's changes are kept for the next session.
    package let isKept: Bool
    /// The result of adopting the packages that it compiled.
    package let packages: AdoptionReport
}
