internal import CLinux
internal import Glibc
internal import SystemPackage

/// The /dev, /proc and /sys of a step: as in container runtimes, with no access
/// to the machine itself.
///
/// They are mounted before the step is moved to a user namespace of its own, so
/// the step cannot unmount them. The step can mount a /proc of its own, as
/// Portage's pid-sandbox does; the kernel allows one with no more rights than a
/// /proc that is already mounted (`mount_too_revealing` in fs/namespace.c). A
/// /proc with masks does not count for that, so an unmasked one is mounted in
/// an unreachable place. Files of /proc belong to root of the machine, whatever
/// its capabilities: if git-zentoo runs as root, the unmasked /proc is
/// read-only.
enum KernelFileSystems {
    /// The paths that are visible but read-only.
    static let readOnly = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/mtrr", "/proc/sys", "/proc/sysrq-trigger",
    ]

    /// The paths that are hidden.
    static let masked = [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
        "/sys/devices/virtual/powercap", "/sys/firmware",
    ]

    /// The directory in which the unmasked /proc is mounted before it is
    /// covered.
    static let hidden = "/dev/zentoo"

    private static let devices = [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
    ]

    /// Prepares the mounts that have to be made outside bwrap(1), in a mount
    /// namespace of this process' own.
    ///
    /// - Parameter scratch: the job's directory.
    /// - Returns: the arguments of bwrap(1) for the other mounts.
    /// - Throws: ``EngineError`` with code `setup`.
    static func lay(in scratch: FilePath) throws -> [String] {
        var source: FilePath?
        if UserNamespace.isInitial {
            try protectDevices()
            source = try mountBareProc(in: scratch)
        }
        return words(bareProc: source, isThere: { access($0, F_OK) == 0 })
    }

    /// Returns the arguments of bwrap(1).
    ///
    /// - Parameters:
    ///   - bareProc: the /proc of this machine to mount in the unreachable
    ///     place; nil for a new /proc.
    ///   - isThere: whether this kernel has a file.
    static func words(bareProc: FilePath?, isThere: (String) -> Bool) -> [String] {
        // Only root can write to bwrap's own /dev/shm; Portage builds as
        // another user.
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

    /// Makes the devices that steps share with the machine read-only: a step
    /// that is their owner could change their permissions. A device on a
    /// read-only mount can still be written to.
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

    /// Mounts a /proc that no process sees. It shows only processes, if the
    /// kernel supports that (Linux 5.8), and none of other users.
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
