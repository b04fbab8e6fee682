public import Exec
internal import SystemPackage

extension LocalEngine {
    /// What is run for a step: a pure function of the step, the job and the
    /// engine.
    ///
    /// - Parameter onTerminal: whether the step is for a person at our own
    ///   terminal, and gets a session with a terminal that is joined to it.
    public func invocation(
        for step: Step, in job: Job, onTerminal: Bool = false
    ) -> Invocation {
        let base: LocalLaunch.Base =
            switch job.root {
            case .overlay(let stage): .overlay(stage.tree)
            case .directory(let directory): .directory(directory)
            }
        let launch = LocalLaunch(
            makesUserNamespace: privileges != .root,
            scratch: state.appending("jobs").appending(job.id), base: base,
            isLasting: job.keepsRoot, sharesNetwork: step.network, isOnTerminal: onTerminal,
            mounts: step.mounts,
            confinement: confinement(of: step, onTerminal: onTerminal))
        return Invocation(
            launcher.string, [LocalLauncher.flag] + launch.arguments, workingDirectory: "/")
    }

    /// The arguments of bwrap(1) behind those for the root and its mounts.
    private func confinement(of step: Step, onTerminal: Bool) -> [String] {
        // bwrap's own /dev/shm is for root alone; Portage builds as another.
        var words = ["--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm"]
        words += ["--proc", "/proc", "--ro-bind", "/sys", "/sys"]
        words += ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "zentoo"]
        if !step.network { words.append("--unshare-net") }
        words.append("--die-with-parent")
        if !onTerminal { words.append("--new-session") }
        words += ["--cap-drop", "ALL"]
        for capability in capabilities(network: step.network) {
            words += ["--cap-add", "CAP_\(capability)"]
        }
        words += ["--chdir", "/", "--clearenv"]
        let environment = Self.environmentDefaults.merging(step.environment) { $1 }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            words += ["--setenv", name, value]
        }
        return words + ["--"] + step.command
    }

    private static let environmentDefaults = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "TERM": "dumb",
    ]

    /// Docker's defaults without NET_RAW, which packages are used to, and
    /// what Portage's sandboxes need: SYS_ADMIN for its namespaces,
    /// SYS_PTRACE for `sandbox`, NET_ADMIN to set up a loopback interface.
    /// Not the last for a step on the machine's own network, which it would
    /// let a step reconfigure; in a user namespace it is no power over that.
    private func capabilities(network: Bool) -> [String] {
        let packages = [
            "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
            "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
        ]
        return packages + ["SYS_ADMIN", "SYS_PTRACE"]
            + (network && privileges == .root ? [] : ["NET_ADMIN"])
    }

    /// Refuses what cannot be said to bwrap or would lead out of the root.
    ///
    /// - Throws: ``EngineError`` with code `unsupported`.
    func validate(_ job: Job) throws {
        let isName = job.id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        try Self.demand(
            isName && job.id.first != "." && !job.id.isEmpty && job.id.utf8.count <= 255,
            "invalid job id '\(job.id)'")
        try Self.demandPlain(state)
        switch job.root {
        case .overlay(let stage): try Self.demandPlain(stage.tree)
        case .directory(let directory): try Self.demandPlain(directory)
        }
        try validate(job.steps)
    }

    /// Refuses steps as ``validate(_:)`` does.
    func validate(_ steps: [Step]) throws {
        for step in steps {
            try Self.demand(
                step.command.first?.isEmpty == false, "step '\(step.name)' has no command")
            for name in step.environment.keys {
                try Self.demand(
                    !name.isEmpty && !name.utf8.contains(UInt8(ascii: "=")),
                    "invalid environment variable '\(name)' in step '\(step.name)'")
            }
            for mount in step.mounts {
                if let source = mount.source { try Self.demandPlain(source) }
                if case .memory(_, let bytes) = mount {
                    try Self.demand(bytes > 0, "invalid size '\(bytes)' of a mount in memory")
                }
                try Self.demand(
                    Self.isMountable(FilePath(mount.target)),
                    "cannot mount on '\(mount.target)'")
            }
            let words =
                step.command + step.mounts.map(\.target)
                + step.environment.flatMap { [$0.key, $0.value] }
            try Self.demand(
                !words.contains { $0.utf8.contains(0) },
                "step '\(step.name)' holds a zero byte")
        }
    }

    private static func demand(
        _ condition: Bool, _ message: @autoclosure () -> String
    ) throws {
        guard condition else { throw EngineError(.unsupported, message()) }
    }

    private static func demandPlain(_ path: FilePath) throws {
        try demand(path.isAbsolute, "path '\(path)' is not absolute")
        try demand(String(validating: path) != nil, "path '\(path)' is not UTF-8")
    }

    /// Absolute, spelled without detours, and nothing that the engine itself
    /// lays over the root.
    private static func isMountable(_ target: FilePath) -> Bool {
        target.isAbsolute && !target.components.isEmpty
            && target.components.allSatisfy { $0.kind == .regular }
            && !MountPoints.isReserved(target.components)
    }
}

extension Mount {
    /// What this machine lends; nil for memory.
    var source: FilePath? {
        switch self {
        case .readOnly(let source, _), .readWrite(let source, _): source
        case .memory: nil
        }
    }

    /// Where it is laid, in the root.
    var target: String {
        switch self {
        case .readOnly(_, let target), .readWrite(_, let target), .memory(let target, _): target
        }
    }
}
