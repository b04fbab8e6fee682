/// What an engine has and does at a moment.
public struct EngineStatus: Sendable, Hashable, Codable {
    /// A machine on which jobs run.
    public struct Place: Sendable, Hashable, Codable {
        /// The host's name.
        public var name: String
        /// `ready`; of a machine of several also what its manager calls it:
        /// `down`, `unknown`.
        public var state: String
        /// Whether it is given jobs: `active`, `pause` or `drain`; nil where
        /// nobody decides that.
        public var availability: String?
        /// What processor it has, as uname(2) says: `x86_64`.
        public var processor: String?
        /// How many processors it has.
        public var processors: Int?
        /// Its memory in bytes.
        public var memory: Int?
        /// What was said of it, by which jobs may be placed.
        public var labels: [String: String]
        /// The jobs that are there.
        public var jobs: [PlacedJob]
        /// The stages that it has as images; nil where they are used as they
        /// are unpacked, and where it was out of reach.
        public var stages: [StageCopy]?

        /// A machine.
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
        /// How far it is.
        public enum State: String, Sendable, Hashable, Codable {
            /// No machine has taken it yet.
            case waiting
            /// Its process controls it.
            case running
            /// It has ended, and its root stays.
            case kept
            /// Its process has died; a sweep removes it.
            case left
        }

        /// The job's id.
        public var id: String
        /// How far it is.
        public var state: State
        /// For what it waits, or what else is to be known of it.
        public var note: String?

        /// A job.
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
        /// What people may call the image.
        public var image: String
        /// In bytes.
        public var size: Int

        /// An image.
        public init(digest: String, image: String, size: Int) {
            self.digest = digest
            self.image = image
            self.size = size
        }
    }

    /// The engine's name.
    public var engine: String
    /// What runs the jobs, with its version: `bubblewrap 0.8.0`.
    public var version: String
    /// Its machines, by name.
    public var places: [Place]
    /// The jobs that are nowhere yet.
    public var waiting: [PlacedJob]

    /// What an engine has and does.
    public init(engine: String, version: String, places: [Place], waiting: [PlacedJob] = []) {
        self.engine = engine
        self.version = version
        self.places = places
        self.waiting = waiting
    }
}

/// An engine that can tell what it has and does.
public protocol ReportingEngine: Engine {
    /// Asks; changes nothing.
    ///
    /// - Throws: ``EngineError`` when it does not answer.
    func status() async throws -> EngineStatus
}
