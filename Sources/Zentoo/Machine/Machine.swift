public import Engines
public import Git
public import SystemPackage

/// What one machine adds to a repository: where its state lies, which engine
/// runs jobs, who signs. Plain values, so that builds can run side by side,
/// each with a repository object of its own.
public struct Machine: Sendable {
    /// The repository's git directory.
    public var repository: FilePath
    /// All state outside git.
    public var state: StateDirectory
    /// Where jobs run.
    public var engine: any Engine
    /// Where else they run when a tuple says so; nil for nowhere else.
    public var engines: EngineChoice?
    /// How files of other owners are handled.
    public var privileges: Privileges
    /// The remote whose branches stand in for absent local ones.
    public var remote: String?
    /// Who tags; the time is set anew for each build.
    public var identity: Signature
    /// How tags are signed, if they are.
    public var signer: TagSigner?
    /// git(1) with the user's own environment.
    public var git: GitProgram
    /// What fetching a stage sees of the user's environment.
    public var downloads: [String: String]
    /// `zentoo.<name>.source`: where this machine has a repository or stage.
    public var sources: [String: FilePath]
    /// How many packages, and how many of a package's commands, run at once.
    public var parallelism: Int
    /// On how many machines tuples are compiled that say nothing of it, beside
    /// the one that builds them.
    public var compilers: Int
    /// Whether what compilers make is kept for the next time.
    public var keepsCompilations: Bool
    /// The most bytes of a stage's archive, fetched and unpacked.
    public var largestStage: Int64

    /// Describes a machine.
    ///
    /// - Parameter downloads: nil for what git sees.
    public init(
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
