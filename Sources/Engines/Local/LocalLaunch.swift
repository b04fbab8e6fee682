internal import SystemPackage

/// The input of the launcher for one step; passed as its arguments, so that all
/// of it shows in the invocation.
struct LocalLaunch: Hashable {
    /// The directory that becomes `/`.
    enum Base: Hashable {
        /// An overlay layer in the scratch directory over this tree.
        case overlay(FilePath)
        /// This directory itself.
        case directory(FilePath)
    }

    /// Whether the launcher must become root of a user namespace.
    var makesUserNamespace: Bool
    /// The job's scratch directory.
    var scratch: FilePath
    /// The directory that becomes `/`.
    var base: Base
    /// Whether the layer outlives the job and must be written to disk.
    var isLasting: Bool
    /// Whether the resolver files of this machine are mounted in the root.
    var sharesNetwork: Bool
    /// Whether a user works with the step at this process' terminal.
    var isOnTerminal: Bool
    /// The mounts over the root, in this order.
    var mounts: [Mount]
    /// The arguments of bwrap(1) that follow those for root and mounts.
    var confinement: [String]

    init(
        makesUserNamespace: Bool, scratch: FilePath, base: Base, isLasting: Bool,
        sharesNetwork: Bool, isOnTerminal: Bool, mounts: [Mount], confinement: [String]
    ) {
        self.makesUserNamespace = makesUserNamespace
        self.scratch = scratch
        self.base = base
        self.isLasting = isLasting
        self.sharesNetwork = sharesNetwork
        self.isOnTerminal = isOnTerminal
        self.mounts = mounts
        self.confinement = confinement
    }

    /// The arguments from which ``init(arguments:)`` restores the launch.
    var arguments: [String] {
        var words = makesUserNamespace ? ["--user-namespace"] : []
        words += ["--scratch", scratch.string]
        switch base {
        case .overlay(let tree): words += ["--overlay", tree.string]
        case .directory(let directory): words += ["--directory", directory.string]
        }
        if isLasting { words.append("--lasting") }
        if sharesNetwork { words.append("--network") }
        if isOnTerminal { words.append("--terminal") }
        for mount in mounts {
            switch mount {
            case .readOnly(let source, let target):
                words += ["--read-only", source.string, target]
            case .readWrite(let source, let target), .fenced(let source, let target):
                words += ["--read-write", source.string, target]
            case .memory(let target, let bytes):
                words += ["--memory", String(bytes), target]
            }
        }
        return words + ["--"] + confinement
    }

    /// Parses arguments. Returns nil for arguments that ``arguments`` does not
    /// produce.
    init?(arguments: some Collection<String>) {
        var rest = arguments[...]
        var scratch: FilePath?
        var base: Base?
        makesUserNamespace = false
        isLasting = false
        sharesNetwork = false
        isOnTerminal = false
        mounts = []
        while let option = rest.popFirst(), option != "--" {
            switch option {
            case "--user-namespace":
                makesUserNamespace = true
                continue
            case "--lasting":
                isLasting = true
                continue
            case "--network":
                sharesNetwork = true
                continue
            case "--terminal":
                isOnTerminal = true
                continue
            default: break
            }
            guard let value = rest.popFirst() else { return nil }
            switch option {
            case "--scratch": scratch = FilePath(value)
            case "--overlay": base = .overlay(FilePath(value))
            case "--directory": base = .directory(FilePath(value))
            default:
                guard let target = rest.popFirst() else { return nil }
                switch option {
                case "--read-only":
                    mounts.append(.readOnly(source: FilePath(value), target: target))
                case "--read-write":
                    mounts.append(.readWrite(source: FilePath(value), target: target))
                case "--memory":
                    guard let bytes = Int(value) else { return nil }
                    mounts.append(.memory(target: target, bytes: bytes))
                default: return nil
                }
            }
        }
        guard let scratch, let base else { return nil }
        self.scratch = scratch
        self.base = base
        confinement = Array(rest)
    }
}
