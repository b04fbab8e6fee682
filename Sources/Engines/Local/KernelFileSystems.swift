internal import CLinux
internal import Glibc
internal import SystemPackage

/// What a step sees as /dev, /proc and /sys: as container runtimes have it,
/// nothing by which it reaches the machine itself.
///
/// All this is mounted before the step is moved to a user namespace of its own,
/// and so it cannot take it away. A /proc of its own it can mount, as Portage's
/// pid-sandbox does; the kernel allows it one with no more rights than some
/// /proc that it has already (`mount_too_revealing` in fs/namespace.c). What is
/// masked does not count there, so one without masks lies out of reach. To root
/// of the machine the files of /proc belong, whatever its capabilities: for it,
/// that one is read-only.
enum KernelFileSystems {
    /// What can be looked at and not be changed.
    static let readOnly = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/mtrr", "/proc/sys", "/proc/sysrq-trigger",
    ]

    /// What is not shown.
    static let masked = [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
        "/sys/devices/virtual/powercap", "/sys/firmware",
    ]

    /// Where the unmasked /proc was mounted before the directory was covered.
    static let hidden = "/dev/zentoo"

    private static let devices = [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
    ]

    /// Makes ready what has to be mounted outside, in a mount namespace of our
    /// own.
    ///
    /// - Parameter scratch: the job's directory.
    /// - Returns: the arguments of bwrap(1) for the rest.
    /// - Throws: ``EngineError`` with code `setup`.
    static func lay(in scratch: FilePath) throws -> [String] {
        var source: FilePath?
        if UserNamespace.isInitial {
            try protectDevices()
            source = try mountBareProc(in: scratch)
        }
        return words(bareProc: source, isThere: { access($0, F_OK) == 0 })
    }

    /// - Parameters:
    ///   - bareProc: what of this machine lies out of reach; a new /proc when nil.
    ///   - isThere: whether this kernel has a file.
    static func words(bareProc: FilePath?, isThere: (String) -> Bool) -> [String] {
        // bwrap's own /dev/shm is for root alone; Portage builds as another.
        var words = ["--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm"]
        if let bareProc {
            words += ["--ro-bind", bareProc.string, "\(hidden)/proc"]
        } else {
            words += ["--proc", "\(hidden)/proc"]
        }
        words += ["--tmpfs", hidden, "--remount-ro", hidden]
        words += ["--proc", "/proc", "--ro-bind", "/sys", "/sys"]
        for path in readOnly where isThere(path) { words += ["--ro-bind", path, path] }
        for path in masked where isThere(path) {
            words +=
                isThere("\(path)/.")
                ? ["--tmpfs", path, "--remount-ro", path] : ["--dev-bind", "/dev/null", path]
        }
        return words
    }

    /// The machine's own devices are lent to steps: whose owner a step is, it
    /// could give other permissions. A device takes writes on a read-only
    /// mount, too.
    private static func protectDevices() throws {
        for device in devices where access(device, F_OK) == 0 {
            let flags = UInt(MS_BIND) | UInt(MS_REMOUNT) | UInt(MS_RDONLY) | UInt(MS_NOSUID)
            guard mount(device, device, nil, UInt(MS_BIND), nil) == 0,
                mount(nil, device, nil, flags, nil) == 0
            else {
                throw EngineError(
                    .setup, "cannot make '\(device)' read-only: \(Errno(rawValue: errno))")
            }
        }
    }

    /// A /proc for nobody to look at: of processes alone, where the kernel has
    /// that (Linux 5.8), and not of others' processes.
    private static func mountBareProc(in scratch: FilePath) throws -> FilePath {
        let place = scratch.appending("proc")
        let flags = UInt(MS_NOSUID) | UInt(MS_NODEV) | UInt(MS_NOEXEC)
        let made = place.withPlatformString { path in
            guard mkdir(path, 0o555) == 0 || errno == EEXIST else { return false }
            return ["subset=pid,hidepid=2", "hidepid=2"].contains { options in
                options.withCString { mount("proc", path, "proc", flags, $0) } == 0
            }
        }
        guard made else {
            throw EngineError(.setup, "cannot mount '\(place)': \(Errno(rawValue: errno))")
        }
        return place
    }
}
