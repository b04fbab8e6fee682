package import Git
package import Sites

/// How one build ended: all of a record but the packages.
package struct BuildResult: Sendable, Hashable, Codable {
    /// How a build can end.
    package enum Status: String, Sendable, Hashable, Codable {
        /// Everything was built.
        case success
        /// A step failed.
        case failure
        /// Somebody stopped it.
        case cancelled
    }

    /// Where a build failed.
    package struct Failure: Sendable, Hashable, Codable {
        /// The step: `merge`, `premerge.d/10-users`.
        package var phase: String
        /// The package that failed, where it was one.
        package var package: String?
        /// The log's name in the state directory's `logs`.
        package var log: String?

        /// The phase of a build whose disk was full: of no package, since none
        /// is to blame for it.
        package static let noSpace = "no-space"

        /// The phase of a build of which the kernel ended a process, since the
        /// memory that it may use was full.
        package static let noMemory = "no-memory"

        /// The phase of a build whose merge succeeded, with a package that is
        /// nothing to make a root of again.
        package static let harvest = "harvest"

        /// A failed step.
        package init(phase: String, package: String? = nil, log: String? = nil) {
            self.phase = phase
            self.package = package
            self.log = log
        }
    }

    /// The stage that a bootstrap has made.
    package struct Archive: Sendable, Hashable, Codable {
        /// What identifies the stage: SHA-256 of its archive.
        package var sha256: SHA256Digest
        /// The archive's size in bytes.
        package var size: Int64

        /// A stage in the pool.
        package init(sha256: SHA256Digest, size: Int64) {
            self.sha256 = sha256
            self.size = size
        }
    }

    /// What other machines compiled for a build, by distcc(1).
    package struct Distribution: Sendable, Hashable, Codable {
        /// How many machines compiled.
        package var compilers: Int
        /// How many compilations they did.
        package var compiled: Int
        /// How many, as far as packages' logs tell, were to be theirs and were
        /// done by the machine that built.
        package var missed: Int

        /// What was counted.
        package init(compilers: Int = 0, compiled: Int = 0, missed: Int = 0) {
            self.compilers = compilers
            self.compiled = compiled
            self.missed = missed
        }
    }

    /// The build's name.
    package var build: BuildID
    /// How it ended.
    package var status: Status
    /// What it was a build of.
    package var series: BuildSeries
    /// The commit that was built.
    package var commit: ObjectID
    /// That commit's tree, the key of the build.
    package var tree: ObjectID
    /// The build whose packages these are, when nothing was built because the
    /// same tree had been built before for another site.
    package var stampedFrom: BuildID?
    /// The flavour the packages were compiled with.
    package var flavour: String
    /// The host triplet they were compiled for.
    package var chost: String
    /// The digest of the stage it began with.
    package var stage: SHA256Digest
    /// The stage it has made: of a bootstrap that succeeded, and of nothing else.
    package var archive: Archive?
    /// The engine that ran it.
    package var engine: String
    /// How long it took, in seconds.
    package var durationSeconds: Int
    /// How many binary packages its result consists of.
    package var packageCount: Int
    /// How many of them it compiled.
    package var madeCount: Int
    /// How many of them it found in the pool, with no record of where they come
    /// from.
    package var foundCount: Int
    /// Where it failed, if it did.
    package var failure: Failure?
    /// What Portage could not confine where it was built.
    package var unsandboxed: [String]
    /// What stood in for the stage's processor where it was built; nil when
    /// that was a real one.
    package var emulator: String?
    /// What other machines compiled; nil when none was to.
    package var distribution: Distribution?
    /// Who built it and when it was done: the tag's tagger.
    package var tagger: Signature

    /// A build that has ended.
    package init(
        build: BuildID, status: Status, series: BuildSeries, commit: ObjectID, tree: ObjectID,
        stampedFrom: BuildID? = nil, flavour: String, chost: String, stage: SHA256Digest,
        archive: Archive? = nil, engine: String, duration: Int, packageCount: Int = 0,
        madeCount: Int = 0, foundCount: Int = 0,
        failure: Failure? = nil, unsandboxed: [String] = [], emulator: String? = nil,
        distribution: Distribution? = nil, tagger: Signature
    ) {
        self.build = build
        self.status = status
        self.series = series
        self.commit = commit
        self.tree = tree
        self.stampedFrom = stampedFrom
        self.flavour = flavour
        self.chost = chost
        self.stage = stage
        self.archive = archive
        self.engine = engine
        durationSeconds = duration
        self.packageCount = packageCount
        self.madeCount = madeCount
        self.foundCount = foundCount
        self.failure = failure
        self.unsandboxed = unsandboxed
        self.emulator = emulator
        self.distribution = distribution
        self.tagger = tagger
    }

    /// When it began.
    package var started: Timestamp { build.started }
}
