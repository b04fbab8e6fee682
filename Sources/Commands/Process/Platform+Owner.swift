#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

// The user and the limits that this process runs with.
extension Platform {
    /// Permanently becomes the owner of a directory if the process runs as root
    /// and another user owns it.
    ///
    /// Files that root writes to a repository could not be changed by its
    /// owner.
    ///
    /// - Returns: the environment of that account.
    /// - Throws: `Errno`.
    static func becomeOwner(
        of path: FilePath, _ environment: [String: String]
    ) throws -> [String: String] {
        guard geteuid() == 0 else { return environment }
        var status = stat()
        guard stat(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
        let owner = status.st_uid
        guard owner != 0 else { return environment }
        var environment = environment
        var group = status.st_gid
        var result: Int32
        if let account = getpwuid(owner), let name = account.pointee.pw_name {
            group = account.pointee.pw_gid
            // Programs look for settings in HOME, and root's are not for other
            // users.
            environment["HOME"] = account.pointee.pw_dir.map { String(cString: $0) }
            environment["USER"] = String(cString: name)
            environment["LOGNAME"] = environment["USER"]
            result = initgroups(name, group)
        } else {
            environment["HOME"] = "/nonexistent"
            result = setgroups(0, nil)
        }
        environment["XDG_CONFIG_HOME"] = nil
        environment["XDG_RUNTIME_DIR"] = nil
        if result == 0 { result = setgid(group) }
        if result == 0 { result = setuid(owner) }
        guard result == 0 else { throw Errno(rawValue: errno) }
        return environment
    }

    /// Sets the umask so that what this process creates in a shared repository
    /// is accessible to everyone who shares it, as git does: libgit2 ignores
    /// the setting.
    ///
    /// - Parameter setting: `core.sharedRepository` of git-config(1).
    static func share(as setting: String?) {
        switch setting?.lowercased() {
        case nil, "umask", "false", "no", "off", "0", "": break
        case "group", "true", "yes", "on", "1": umask(0o002)
        case "all", "world", "everybody", "2": umask(0o002)
        case let text?: umask(mode_t(text, radix: 8).map { ~$0 & 0o777 } ?? 0o002)
        }
    }

    /// Ends the process once it has used this much processor time: its input
    /// may be crafted to make it run forever (setrlimit(2)).
    static func limitProcessorTime(seconds: UInt) {
        var limit = rlimit(rlim_cur: seconds, rlim_max: seconds + 5)
        setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
    }
}
