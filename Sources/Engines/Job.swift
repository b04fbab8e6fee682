internal import Synchronization
public import SystemPackage

/// Everything an engine is told: a root to work in and the steps to take
/// there. Plain data, so that the same job can be printed, compared and run
/// anywhere.
public struct Job: Sendable, Hashable, Codable {
    /// Unique among all jobs of all machines; names scratch directories,
    /// containers and services. `[A-Za-z0-9.-]+`.
    public var id: String
    /// What the steps see as `/`.
    public var root: Root
    /// What is done, in this order.
    public var steps: [Step]
    /// What runs beside the steps until they are done, each in a clean root of
    /// its own over the same stage, and where there are several machines on any
    /// of them: reached by its name, over a network that nobody else is on. An
    /// engine need not begin them before the steps, and one that ends is no
    /// failure of the job's.
    public var companions: [Step]
    /// Whether the root's changes outlive the job, for a person to look at.
    public var keepsRoot: Bool
    /// The kind of processor that what is made is for, as the site calls it: a
    /// step may run what an earlier one has made. An engine of several
    /// machines takes one of that kind where it has one.
    public var cpu: String?

    /// Describes a job; nothing is started.
    public init(
        id: String, root: Root, steps: [Step], companions: [Step] = [], keepsRoot: Bool = false,
        cpu: String? = nil
    ) {
        self.id = id
        self.root = root
        self.steps = steps
        self.companions = companions
        self.keepsRoot = keepsRoot
        self.cpu = cpu
    }
}

/// What a job's steps see as `/`.
public enum Root: Sendable, Hashable, Codable {
    /// A stage that stays as it is under a layer that takes all changes.
    case overlay(StageImage)
    /// A directory that was made of a stage, and is changed in place.
    case directory(FilePath, of: StageImage)

    /// Whether what is changed goes into a layer.
    var isOverlay: Bool { if case .overlay = self { true } else { false } }

    /// What it is, or was made of.
    public var stage: StageImage {
        switch self {
        case .overlay(let stage), .directory(_, let stage): stage
        }
    }
}

/// A stage as an engine finds it.
public struct StageImage: Sendable, Hashable, Codable {
    /// Its name in `config/stages`.
    public var name: String
    /// SHA-256 of the stage, in hexadecimal: what identifies it everywhere.
    public var digest: String
    /// The unpacked root filesystem on this machine.
    public var tree: FilePath

    /// Names a stage that is already unpacked at `tree`.
    public init(name: String, digest: String, tree: FilePath) {
        self.name = name
        self.digest = digest
        self.tree = tree
    }
}

/// One command in the root, with what it may see and touch.
public struct Step: Sendable, Hashable, Codable {
    /// When a step runs.
    public enum Condition: String, Sendable, Hashable, Codable {
        /// If all steps before it succeeded.
        case onSuccess
        /// Even after a failure, as harvesting does.
        case always
    }

    /// What a step reaches beside its own root.
    public enum Network: String, Sendable, Hashable, Codable {
        /// Nothing.
        case none
        /// What its machine reaches.
        case outside
        /// The job's companions alone, by their names.
        case companions
    }

    /// What a person reads: `merge`, `premerge.d/10-users`.
    public var name: String
    /// The program, by absolute path or looked up in the root, and its
    /// arguments.
    public var command: [String]
    /// The whole environment, but `PATH`, `HOME` and `TERM` which the engine
    /// adds where they are absent.
    public var environment: [String: String]
    /// What is laid over the root for this step, in this order.
    public var mounts: [Mount]
    /// What the step reaches.
    public var network: Network
    /// When it runs.
    public var condition: Condition

    /// Describes a step.
    public init(
        name: String, command: [String], environment: [String: String] = [:],
        mounts: [Mount] = [], network: Network = .none, condition: Condition = .onSuccess
    ) {
        self.name = name
        self.command = command
        self.environment = environment
        self.mounts = mounts
        self.network = network
        self.condition = condition
    }
}

/// Something laid over the root for a step.
public enum Mount: Sendable, Hashable, Codable {
    /// A directory or file of this machine that the step can read only.
    case readOnly(source: FilePath, target: String)
    /// A directory or file of this machine that the step can change.
    case readWrite(source: FilePath, target: String)
    /// A directory that nobody but this job writes to meanwhile, and that
    /// must stay so even when the engine loses sight of the job and begins it
    /// again: what a run that was given up writes there later never arrives.
    /// Others may see what is written only when the job has ended. A file that
    /// is there already may be the very same one: it must be replaced, as Portage
    /// does, and not written into.
    case fenced(source: FilePath, target: String)
    /// An empty directory in memory, of at most this many bytes, programs in
    /// it executable.
    case memory(target: String, bytes: Int)
}

/// What happens while a job runs.
public enum JobEvent: Sendable, Hashable {
    /// A step begins.
    case started(step: String)
    /// The step said this, on either stream, without its newline.
    case line(step: String, bytes: [UInt8])
    /// A step has ended.
    case ended(StepResult)
    /// The engine has something to say of the job itself.
    case notice(JobNotice)

    /// A listener that is never told two things at once, whoever tells them.
    static func inTurn(
        _ listener: @escaping @Sendable (JobEvent) -> Void
    ) -> @Sendable (JobEvent) -> Void {
        let turn = Mutex(())
        return { event in turn.withLock { _ in listener(event) } }
    }
}

/// What an engine says of a job, beside what its steps say.
public enum JobNotice: Sendable, Hashable {
    /// It does not run yet, and for what it waits.
    case waiting(for: String)
    /// It runs on this machine of several.
    case placed(on: String)
    /// The processor is not the stage's, and this program stands in for it.
    case emulated(by: String)
    /// A companion has ended before the steps were done, and how.
    case lostCompanion(name: String, because: String)
    /// What ran until now was lost, and all of it begins anew.
    case begunAgain(because: String)
}
