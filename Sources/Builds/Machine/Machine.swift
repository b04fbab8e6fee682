package import Engines
package import Git
package import Sites
package import SystemPackage

/// What one machine adds to a repository: where its state lies, which engine
/// runs jobs, who signs. Plain values, so that builds can run side by side,
/// each with a repository object of its own.
package struct Machine: Sendable {
    /// The repository's git directory.
    package var repository: FilePath
    /// All state outside git.
    package var state: StateDirectory
    /// Where jobs run.
    package var engine: any Engine
    /// Where else they run when a tuple says so; nil for nowhere else.
    package var engines: EngineChoice?
    /// How files of other owners are handled.
    package var privileges: Privileges
    /// The remote whose branches stand in for absent local ones.
    package var remote: String?
    /// Who tags; the time is set anew for each build.
    package var identity: Signature
    /// How tags are signed, if they are.
    package var signer: TagSigner?
    /// git(1) with the user's own environment.
    package var git: GitProgram
    /// What fetching a stage sees of the user's environment.
    package var downloads: [String: String]
    /// `zentoo.<name>.source`: where this machine has a repository or stage.
    package var sources: [String: FilePath]
    /// How many packages, and how many of a package's commands, run at once.
    package var parallelism: Int
    /// On how many machines tuples are compiled that say nothing of it, beside
    /// the one that builds them.
    package var compilers: Int
    /// Whether what compilers make is kept for the next time.
    package var keepsCompilations: Bool
    /// The most bytes of a stage's archive, fetched and unpacked.
    package var largestStage: Int64

    /// Describes a machine.
    ///
    /// - Parameter downloads: nil for what git sees.
    package init(
        repository: FilePath, state: StateDirectory, engine: any Engine,
        engines: EngineChoice? = nil, privileges: Privileges,
        remote: String?, identity: Signature, signer: TagSigner?, git: GitProgram,
        downloads: [String: String]? = nil, sources: [String: FilePath], parallelism: Int,
        compilers: Int = 0, keepsCompilations: Bool = false,
        largestStage: Int64 = Settings.largestStage
    ) {
        self.repository = repository
        self.state = state
        self.engine = engine
        self.engines = engines
        self.privileges = privileges
        self.remote = remote
        self.identity = identity
        self.signer = signer
        self.git = git
        self.downloads = downloads ?? git.environment
        self.sources = sources
        self.parallelism = parallelism
        self.compilers = compilers
        self.keepsCompilations = keepsCompilations
        self.largestStage = largestStage
    }
}
