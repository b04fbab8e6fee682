package import Engines
package import Git
package import Sites
package import SystemPackage

/// The properties of one machine that a repository does not have: where its
/// state is, which engine runs jobs, who signs. Plain values, so that builds
/// can run concurrently, each with its own repository object.
package struct Machine: Sendable {
    /// The repository's git directory.
    package var repository: FilePath
    /// All state outside git.
    package var state: StateDirectory
    /// The engine that runs jobs.
    package var engine: any Engine
    /// The engines that tuples can choose instead; nil for none.
    package var engines: EngineChoice?
    /// How files of other owners are handled.
    package var privileges: Privileges
    /// The remote whose branches replace missing local ones.
    package var remote: String?
    /// The tagger; the time is set for each build.
    package var identity: Signature
    /// The signer of tags, if they are signed.
    package var signer: TagSigner?
    /// git(1) with the user's own environment.
    package var git: GitProgram
    /// The part of the user's environment that is passed when a stage is
    /// fetched.
    package var downloads: [String: String]
    /// `zentoo.<name>.source`: the path of a repository or stage on this
    /// machine.
    package var sources: [String: FilePath]
    /// The number of packages, and of commands per package, that run at once.
    package var parallelism: Int
    /// The number of machines that compile beside the one that builds, for
    /// tuples that do not specify it.
    package var compilers: Int
    /// Whether compilations are cached.
    package var keepsCompilations: Bool
    /// The maximum size in bytes of a stage's archive, both fetched and
    /// unpacked.
    package var largestStage: Int64
    /// Further versions of Portage with which the native merge was tested, as
    /// lines of `merge_tested.txt`.
    package var testedPortages: [String]

    /// Creates the description of a machine.
    ///
    /// - Parameter downloads: the environment of downloads; nil for that of
    ///   git.
    package init(
        repository: FilePath, state: StateDirectory, engine: any Engine,
        engines: EngineChoice? = nil, privileges: Privileges,
        remote: String?, identity: Signature, signer: TagSigner?, git: GitProgram,
        downloads: [String: String]? = nil, sources: [String: FilePath], parallelism: Int,
        compilers: Int = 0, keepsCompilations: Bool = false,
        largestStage: Int64 = Settings.largestStage, testedPortages: [String] = []
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
        self.testedPortages = testedPortages
    }
}
