internal import CLinux
internal import Glibc
internal import SystemPackage

/// The mode in which the local engine starts git-zentoo for one step: it mounts
/// the root in a mount namespace of its own, lets bwrap(1) confine the command
/// in it, and reports how the command ended.
///
/// The mounts end with the namespace, whatever happens to the launcher.
public enum LocalLauncher {
    /// The first argument that selects this mode; the other arguments are
    /// private to ``LocalEngine`` and this type.
    public static let flag = "--local-launcher"

    /// The exit status of a launcher that could not run the step; the reason is
    /// in the job's directory.
    static let failure: Int32 = 125

    /// Runs one step and exits.
    ///
    /// - Parameter arguments: the arguments after ``flag``.
    public static func main(arguments: some Collection<String>) -> Never {
        guard let launch = LocalLaunch(arguments: arguments) else {
            fail("'\(flag)' is for git-zentoo itself")
        }
        let verdict: JobScratch.Verdict
        do {
            verdict = try run(launch)
        } catch {
            verdict = .failed("\(error)")
        }
        do {
            try JobScratch.write(verdict, in: launch.scratch)
        } catch {
            // Then only the exit status reports the verdict, unless it equals
            // the launcher's own.
            if case .ran(let status) = verdict, status != failure { exit(status) }
            fail("cannot write in '\(launch.scratch)': \(error)")
        }
        if case .ran(let status) = verdict { exit(status) }
        exit(failure)
    }

    private static func run(_ launch: LocalLaunch) throws -> JobScratch.Verdict {
        // This comes first: only a single-threaded process may do it.
        if launch.makesUserNamespace { try UserNamespace.enter() }
        let supervisor = try LocalSupervisor(scratch: launch.scratch)
        umask(0o022)
        try makeMountNamespace()
        let root = try mountRoot(launch)

        var points = MountPoints(root: root)
        defer { points.removeMade() }
        var arguments = ["--bind", root.string, "/"]
        for mount in launch.mounts + (launch.sharesNetwork ? namesOfThisMachine() : []) {
            let place = try points.add(mount)
            switch mount {
            case .readOnly(let source, _):
                arguments += ["--ro-bind", source.string, place.target.string]
            case .readWrite(let source, _), .fenced(let source, _):
                arguments += ["--bind", source.string, place.target.string]
            case .memory(_, let bytes):
                let permissions = String(place.permissions ?? 0o755, radix: 8)
                arguments += ["--perms", permissions, "--size", String(bytes)]
                arguments += ["--tmpfs", place.target.string]
            }
        }
        arguments += try KernelFileSystems.lay(in: launch.scratch)
        let namespace = try UserNamespace.nested()
        defer { try? namespace.close() }
        switch try supervisor.run(
            arguments + launch.confinement, in: namespace, onTerminal: launch.isOnTerminal)
        {
        case .ran(let status): return .ran(status: status)
        case .neverStarted: return .neverStarted
        case .killed(let signal):
            return .failed("bwrap was killed by signal \(signal) while the step ran")
        case .stopped: return .failed("the job was stopped")
        }
    }

    private static func makeMountNamespace() throws {
        guard zentoo_unshare_mounts() == 0,
            mount(nil, "/", nil, UInt(MS_REC) | UInt(MS_PRIVATE), nil) == 0
        else {
            throw EngineError(
                .setup, "cannot make a mount namespace: \(Errno(rawValue: errno))")
        }
    }

    /// - Returns: the path of the mounted root.
    private static func mountRoot(_ launch: LocalLaunch) throws -> FilePath {
        switch launch.base {
        case .directory(let directory): return directory
        case .overlay(let tree):
            try mountOverlay(over: tree, launch)
            return launch.scratch.appending(JobScratch.root)
        }
    }

    private static func mountOverlay(over tree: FilePath, _ launch: LocalLaunch) throws {
        let lower: FileDescriptor
        do {
            lower = try FileDescriptor.open(
                tree, .readOnly, options: [.directory, .closeOnExec])
        } catch {
            throw EngineError(.setup, "cannot open stage '\(tree)': \(error)")
        }
        defer { try? lower.close() }
        try checkOwner(of: lower, tree)
        // The stage is given by descriptor and the layers relative to the
        // scratch directory: a path in the option string must not contain
        // commas or colons.
        var options =
            "lowerdir=/proc/self/fd/\(lower.rawValue)"
            + ",upperdir=\(JobScratch.upper),workdir=\(JobScratch.work)"
        if !UserNamespace.isInitial { options += ",userxattr" }
        if !launch.isLasting && !JobScratch.isKept(launch.scratch) {
            // Otherwise each step would end only after everything it wrote is
            // on disk, although the layer is discarded with the job.
            JobScratch.allowVolatile(launch.scratch)
            options += ",volatile"
        }
        guard launch.scratch.withPlatformString({ chdir($0) }) == 0,
            options.withCString({ mount("overlay", "root", "overlay", 0, $0) }) == 0,
            chdir("/") == 0
        else { throw overlayError(launch.scratch, Errno(rawValue: errno)) }
    }

    /// Refuses a stage of another user: in a user namespace it belongs to the
    /// overflow user, and nothing in it can be changed.
    private static func checkOwner(of lower: FileDescriptor, _ tree: FilePath) throws {
        let nobody = SmallFile.text(of: "/proc/sys/kernel/overflowuid")
            .flatMap { UInt32($0.prefix { $0.isNumber }) }
        var status = stat()
        guard !UserNamespace.isInitial, fstat(lower.rawValue, &status) == 0,
            status.st_uid == nobody
        else { return }
        throw EngineError(
            .setup, "stage '\(tree)' belongs to another user and cannot be a root here")
    }

    private static func overlayError(_ scratch: FilePath, _ error: Errno) -> EngineError {
        // File system types from statfs(2) that cannot hold an overlay layer.
        let unfit: [Int64: String] = [
            0x794c_7630: "an overlay itself", 0x6969: "NFS", 0xfe53_4d42: "SMB",
            0x6573_5546: "FUSE", 0x4d44: "FAT", 0x0102_1997: "9p",
        ]
        let type = scratch.withPlatformString { zentoo_file_system_type($0) }
        let reason = unfit[type].map { "its file system is \($0)" } ?? "\(error)"
        return EngineError(.setup, "cannot lay an overlay in '\(scratch)': \(reason)")
    }

    /// Returns mounts of the files by which a step with network access resolves
    /// host names, as far as they exist here. They are often symbolic links.
    private static func namesOfThisMachine() -> [Mount] {
        ["/etc/resolv.conf", "/etc/hosts"].compactMap { name in
            guard let resolved = realpath(name, nil) else { return nil }
            defer { free(resolved) }
            return .readOnly(source: FilePath(platformString: resolved), target: name)
        }
    }

    /// Ends a launcher that could not run the step.
    static func fail(_ message: String, status: Int32 = failure) -> Never {
        _ = try? FileDescriptor.standardError.writeAll("fatal: \(message)\n".utf8)
        exit(status)
    }
}
