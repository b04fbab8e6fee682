#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

// As whom, and how much, this process may do.
extension Platform {
    /// For root in a directory of somebody else: becomes its owner, for good.
    ///
    /// What root wrote into a repository, its owner could not write any more.
    ///
    /// - Returns: the environment, as that account has it.
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
            // Settings are looked for at home, and root's are not for others.
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

    /// Has what this process makes in a shared repository be everybody's who
    /// shares it, as git does: libgit2 knows nothing of it.
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

    /// Ends the process when it has computed for so long: what it reads may be
    /// made for it to compute for ever (setrlimit(2)).
    static func limitProcessorTime(seconds: UInt) {
        var limit = rlimit(rlim_cur: seconds, rlim_max: seconds + 5)
        setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
    }
}
