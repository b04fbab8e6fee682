/// The machines and jobs of an engine at one moment.
public struct EngineStatus: Sendable, Hashable, Codable {
    /// A machine on which jobs run.
    public struct Place: Sendable, Hashable, Codable {
        /// The host's name.
        public var name: String
        /// `ready`; for one of several machines also another state that its
        /// manager reports: `down`, `unknown`.
        public var state: String
        /// Whether it accepts jobs: `active`, `pause` or `drain`; nil if the
        /// engine has no such setting.
        public var availability: String?
        /// The processor type, as uname(2) reports it: `x86_64`.
        public var processor: String?
        /// The number of processors.
        public var processors: Int?
        /// Its memory in bytes.
        public var memory: Int?
        /// Its labels, by which jobs can be placed.
        public var labels: [String: String]
        /// The jobs on this machine.
        public var jobs: [PlacedJob]
        /// The stages that it has as images; nil if the engine uses unpacked
        /// stages directly or the machine could not be reached.
        public var stages: [StageCopy]?

        /// Creates a machine.
        public init(
            name: String, state: String = "ready", availability: String? = nil,
            processor: String? = nil, processors: Int? = nil, memory: Int? = nil,
            labels: [String: String] = [:], jobs: [PlacedJob] = [], stages: [StageCopy]? = nil
        ) {
            self.name = name
            self.state = state
            self.availability = availability
            self.processor = processor
            self.processors = processors
            self.memory = memory
            self.labels = labels
            self.jobs = jobs
            self.stages = stages
        }
    }

    /// A job of this state directory.
    public struct PlacedJob: Sendable, Hashable, Codable {
        /// The state of a job.
        public enum State: String, Sendable, Hashable, Codable {
            /// No machine has accepted it yet.
            case waiting
            /// Its controlling process is alive.
            case running
            /// It has ended, and its root is kept.
            case kept
            /// Its controlling process has died; a sweep removes it.
            case left
        }

        /// The job's id.
        public var id: String
        /// The state of the job.
        public var state: State
        /// The reason why it waits, or another remark.
        public var note: String?

        /// Creates a job.
        public init(id: String, state: State, note: String? = nil) {
            self.id = id
            self.state = state
            self.note = note
        }
    }

    /// A stage as an image.
    public struct StageCopy: Sendable, Hashable, Codable {
        /// SHA-256 of the stage.
        public var digest: String
        /// The name of the image for users.
        public var image: String
        /// The size in bytes.
        public var size: Int

        /// Creates an image.
        public init(digest: String, image: String, size: Int) {
            self.digest = digest
            self.image = image
            self.size = size
        }
    }

    /// The engine's name.
    public var engine: String
    /// The program that runs the jobs, with its version: `bubblewrap 0.8.0`.
    public var version: String
    /// Its machines, by name.
    public var places: [Place]
    /// The jobs that are not on any machine yet.
    public var waiting: [PlacedJob]

    /// Creates a status.
    public init(engine: String, version: String, places: [Place], waiting: [PlacedJob] = []) {
        self.engine = engine
        self.version = version
        self.places = places
        self.waiting = waiting
    }
}

/// An engine that can report its machines and jobs.
public protocol ReportingEngine: Engine {
    /// Queries the status without changing anything.
    ///
    /// - Throws: ``EngineError`` when the engine does not answer.
    func status() async throws -> EngineStatus
}
