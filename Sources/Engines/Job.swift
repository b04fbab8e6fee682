internal import Synchronization
public import SystemPackage

/// Everything an engine needs to know: a root to work in and the steps to run
/// there. A job is plain data, so that the same job can be printed, compared
/// and run anywhere.
public struct Job: Sendable, Hashable, Codable {
    /// An id, unique among all jobs of all machines; names scratch directories,
    /// containers and services. `[A-Za-z0-9.-]+`.
    public var id: String
    /// The root file system of the steps.
    public var root: Root
    /// The steps, in the order in which they run.
    public var steps: [Step]
    /// Services that run beside the steps until these are done, each in a clean
    /// root of its own over the same stage, on any machine if the engine has
    /// several. The steps reach them by name over a network that only this job
    /// uses. An engine need not start them before the steps, and the job does
    /// not fail if one ends.
    public var companions: [Step]
    /// Whether the root's changes are kept after the job, for inspection.
    public var keepsRoot: Bool
    /// The kind of processor that the job builds for, as the site names it: a
    /// step may run programs that an earlier one built. An engine with several
    /// machines uses one of that kind if it has one.
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

/// The root file system of a job's steps.
public enum Root: Sendable, Hashable, Codable {
    /// A stage that stays unchanged under an overlay layer that takes all
    /// changes.
    case overlay(StageImage)
    /// A directory that was created from a stage and is changed in place.
    case directory(FilePath, of: StageImage)

    /// Whether changes go into an overlay layer.
    var isOverlay: Bool { if case .overlay = self { true } else { false } }

    /// The stage that the root is or was created from.
    public var stage: StageImage {
        switch self {
        case .overlay(let stage), .directory(_, let stage): stage
        }
    }
}

/// A stage that an engine can use.
public struct StageImage: Sendable, Hashable, Codable {
    /// Its name in `config/stages`.
    public var name: String
    /// SHA-256 of the stage, in hexadecimal; identifies it everywhere.
    public var digest: String
    /// The unpacked root filesystem on this machine.
    public var tree: FilePath

    /// Describes a stage that is already unpacked at `tree`.
    public init(name: String, digest: String, tree: FilePath) {
        self.name = name
        self.digest = digest
        self.tree = tree
    }
}

/// One command in the root, with the mounts and the network it may use.
public struct Step: Sendable, Hashable, Codable {
    /// When a step runs.
    public enum Condition: String, Sendable, Hashable, Codable {
        /// If all earlier steps succeeded.
        case onSuccess
        /// Even after a failure, as for harvesting.
        case always
    }

    /// The network that a step can reach.
    public enum Network: String, Sendable, Hashable, Codable {
        /// Nothing.
        case none
        /// Everything its machine reaches.
        case outside
        /// Only the job's companions, by their names.
        case companions
    }

    /// The name shown to users: `merge`, `premerge.d/10-users`.
    public var name: String
    /// The program, as an absolute path or a name looked up in the root, and
    /// its arguments.
    public var command: [String]
    /// The whole environment, except `PATH`, `HOME` and `TERM`, which the
    /// engine adds if they are absent.
    public var environment: [String: String]
    /// The mounts over the root for this step, in this order.
    public var mounts: [Mount]
    /// The network that the step can reach.
    public var network: Network
    /// When the step runs.
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

/// A mount over the root for a step.
public enum Mount: Sendable, Hashable, Codable {
    /// A directory or file of this machine that the step can only read.
    case readOnly(source: FilePath, target: String)
    /// A directory or file of this machine that the step can change.
    case readWrite(source: FilePath, target: String)
    /// A directory to which only this job writes, even if the engine loses
    /// contact with the job and starts it again: what an abandoned run writes
    /// later never arrives. Others may see what is written only after the job
    /// has ended. A file that already exists may share its inode with the
    /// original: it must be replaced, as Portage does, and not written in
    /// place.
    case fenced(source: FilePath, target: String)
    /// An empty directory in memory, of at most this many bytes, mounted
    /// without `noexec`.
    case memory(target: String, bytes: Int)
}

/// An event while a job runs.
public enum JobEvent: Sendable, Hashable {
    /// A step begins.
    case started(step: String)
    /// A line of output of the step, from either stream, without its newline.
    case line(step: String, bytes: [UInt8])
    /// A step has ended.
    case ended(StepResult)
    /// The engine reports something about the job itself.
    case notice(JobNotice)

    /// Returns a listener that is never called concurrently, whatever thread
    /// the events come from.
    static func inTurn(
        _ listener: @escaping @Sendable (JobEvent) -> Void
    ) -> @Sendable (JobEvent) -> Void {
        let turn = Mutex(())
        return { event in turn.withLock { _ in listener(event) } }
    }
}

/// A report of an engine about a job, apart from the output of its steps.
public enum JobNotice: Sendable, Hashable {
    /// It does not run yet, with the reason.
    case waiting(for: String)
    /// It runs on this one of several machines.
    case placed(on: String)
    /// The processor is not the stage's, and this program emulates it.
    case emulated(by: String)
    /// A companion ended before the steps were done, with the reason.
    case lostCompanion(name: String, because: String)
    /// The run so far was lost, and the job starts again from the beginning.
    case begunAgain(because: String)
}
