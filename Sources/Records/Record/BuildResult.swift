package import Git
package import Sites

/// The result of a build: its record without the packages.
package struct BuildResult: Sendable, Hashable, Codable {
    /// The ways in which a build can end.
    package enum Status: String, Sendable, Hashable, Codable {
        /// Everything was built.
        case success
        /// A step failed.
        case failure
        /// A user stopped it.
        case cancelled
    }

    /// The step in which a build failed, with its package and log.
    package struct Failure: Sendable, Hashable, Codable {
        /// The step: `merge`, `premerge.d/10-users`.
        package var phase: String
        /// The package that failed, if any.
        package var package: String?
        /// The name of the log in the state directory's `logs`.
        package var log: String?

        /// The phase of a build that failed because the disk was full. It names
        /// no package, since none caused the failure.
        package static let noSpace = "no-space"

        /// The phase of a build in which the kernel killed a process because
        /// its memory limit was reached.
        package static let noMemory = "no-memory"

        /// The phase of a build whose merge succeeded but produced a package
        /// that no root can be assembled from.
        package static let harvest = "harvest"

        /// Creates a failure.
        package init(phase: String, package: String? = nil, log: String? = nil) {
            self.phase = phase
            self.package = package
            self.log = log
        }
    }

    /// The stage that a bootstrap produced.
    package struct Archive: Sendable, Hashable, Codable {
        /// The identifier of the stage: the SHA-256 of its archive.
        package var sha256: SHA256Digest
        /// The archive's size in bytes.
        package var size: Int64

        /// Creates the description of a stage in the pool.
        package init(sha256: SHA256Digest, size: Int64) {
            self.sha256 = sha256
            self.size = size
        }
    }

    /// The compilations that other machines did for a build, by distcc(1).
    package struct Distribution: Sendable, Hashable, Codable {
        /// The number of machines that compiled.
        package var compilers: Int
        /// The number of compilations that they did.
        package var compiled: Int
        /// The number of compilations, as far as the packages' logs tell, that
        /// were meant for them but were done by the building machine.
        package var missed: Int

        /// Creates a distribution from the counts.
        package init(compilers: Int = 0, compiled: Int = 0, missed: Int = 0) {
            self.compilers = compilers
            self.compiled = compiled
            self.missed = missed
        }
    }

    /// The build's id.
    package var build: BuildID
    /// The status.
    package var status: Status
    /// The series of the build.
    package var series: BuildSeries
    /// The commit that was built.
    package var commit: ObjectID
    /// That commit's tree, which is the build key.
    package var tree: ObjectID
    /// The build that the packages belong to if nothing was built, because the
    /// same tree had already been built for another site.
    package var stampedFrom: BuildID?
    /// The flavour the packages were compiled with.
    package var flavour: String
    /// The host triplet they were compiled for.
    package var chost: String
    /// The digest of the stage the build started from.
    package var stage: SHA256Digest
    /// The stage that a successful bootstrap produced; nil for any other build.
    package var archive: Archive?
    /// The engine that ran it.
    package var engine: String
    /// The duration in seconds.
    package var durationSeconds: Int
    /// The number of binary packages in the result.
    package var packageCount: Int
    /// The number of packages that this build compiled.
    package var madeCount: Int
    /// The number of packages found in the pool without a record of their
    /// origin.
    package var foundCount: Int
    /// The failure, if the build failed.
    package var failure: Failure?
    /// The Portage sandboxing features that were unavailable during the build.
    package var unsandboxed: [String]
    /// The emulator of the stage's processor during the build; nil if the build
    /// ran natively.
    package var emulator: String?
    /// The compilations by other machines; nil if none were requested.
    package var distribution: Distribution?
    /// The builder and the end time: the tagger of the tag.
    package var tagger: Signature

    /// Creates the result of a build that has ended.
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

    /// The start time.
    package var started: Timestamp { build.started }
}
