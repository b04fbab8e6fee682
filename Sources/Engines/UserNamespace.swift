internal import CLinux
internal import Exec
internal import Glibc
internal import SystemPackage

/// A user namespace in which this process is root: its own id is 0 there, and
/// the ids that `/etc/subuid` and `/etc/subgid` grant to its user are 1 and up.
/// See user_namespaces(7).
///
/// Only newuidmap(1) and newgidmap(1) may map ids that are not the user's own,
/// and only from outside. Both are therefore started first, in the old
/// namespace, and wait at a gate until this process is in the new one. The gate
/// is a pipe whose write end only this process holds: whichever process is
/// killed, at any moment, none waits forever.
enum UserNamespace {
    /// The maximum number of lines the kernel accepts in a map, minus one for
    /// the user's own id.
    private static let mostRuns = 339

    /// Creates the namespace and moves this process, which must be
    /// single-threaded, into it.
    ///
    /// - Throws: ``EngineError`` with code `setup`.
    static func enter() throws {
        let mappers = [
            try mapper("newuidmap", own: geteuid(), grants: "/etc/subuid"),
            try mapper("newgidmap", own: getegid(), grants: "/etc/subgid"),
        ]
        var gate: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        guard zentoo_pipe(&gate, O_CLOEXEC) == 0, zentoo_pipe(&errors, O_CLOEXEC) == 0 else {
            throw failure("\(Errno(rawValue: errno))")
        }
        defer { close(errors[0]) }
        var waiting: [pid_t] = []
        // On an error the gate is closed first, so that the children waiting
        // there end.
        defer { waiting.forEach { waitpid($0, nil, 0) } }
        do {
            defer { (gate + [errors[1]]).forEach { close($0) } }
            for words in mappers {
                waiting.append(try start(words, behind: gate, errors: errors[1]))
            }
            guard zentoo_unshare_user() == 0 else { throw failure("\(Errno(rawValue: errno))") }
            _ = try FileDescriptor(rawValue: gate[1]).writeAll(mappers.map { _ in 0 })
        }
        let said = SmallFile.text(of: FileDescriptor(rawValue: errors[0]))
        while let child = waiting.popLast() {
            var status: Int32 = 0
            guard waitpid(child, &status, 0) == child, status == 0 else {
                throw failure(ExecError.lastLine(of: Array(said.utf8)))
            }
        }
    }

    /// Whether this process is in the initial user namespace.
    static var isInitial: Bool {
        let map = SmallFile.text(of: "/proc/self/uid_map") ?? ""
        return map.split(whereSeparator: \.isWhitespace) == ["0", "0", "4294967295"]
    }

    /// Creates a user namespace below the one of this process, with the same
    /// ids, without entering it.
    ///
    /// A process moved there has no power over anything created here, including
    /// this process' mounts, which are locked in each mount namespace created
    /// there (mount_namespaces(7)).
    ///
    /// - Returns: a descriptor of the namespace.
    /// - Throws: ``EngineError`` with code `setup`.
    static func nested() throws -> FileDescriptor {
        var report: [Int32] = [-1, -1]
        var gate: [Int32] = [-1, -1]
        guard zentoo_pipe(&report, O_CLOEXEC) == 0, zentoo_pipe(&gate, O_CLOEXEC) == 0 else {
            throw failure("\(Errno(rawValue: errno))")
        }
        let holder = zentoo_hold_user_namespace(report, gate)
        let forkError = Errno(rawValue: errno)
        close(report[1])
        close(gate[0])
        defer {
            close(report[0])
            close(gate[1])
            if holder > 0 { waitpid(holder, nil, 0) }
        }
        guard holder > 0 else { throw failure("\(forkError)") }
        var result: UInt8 = UInt8(EIO)
        _ = try? withUnsafeMutableBytes(of: &result) {
            try FileDescriptor(rawValue: report[0]).read(into: $0)
        }
        guard result == 0 else {
            let error = Errno(rawValue: Int32(result))
            throw EngineError(
                .setup, "cannot make a user namespace: \(error)",
                hints: UserNamespaceDiagnosis.ofThisMachine().forbiddingSettings
                    .map { "sysctl \($0)" })
        }
        do {
            for map in ["uid_map", "gid_map"] {
                try copy(map, to: FilePath("/proc/\(holder)/\(map)"))
            }
            return try FileDescriptor.open(
                FilePath("/proc/\(holder)/ns/user"), .readOnly, options: .closeOnExec)
        } catch {
            throw failure("\(error)")
        }
    }

    /// Copies the id map of this process to a process in a namespace below.
    private static func copy(_ map: String, to path: FilePath) throws {
        let lines = (SmallFile.text(of: FilePath("/proc/self/\(map)")) ?? "")
            .split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 3 }
        // The kernel accepts a map only in a single write.
        let text = lines.map { "\($0[0]) \($0[0]) \($0[2])\n" }.joined()
        let file = try FileDescriptor.open(path, .writeOnly, options: .closeOnExec)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    /// Returns the command line that maps the ids of this process.
    private static func mapper(
        _ program: String, own: UInt32, grants file: FilePath
    ) throws -> [String] {
        let id = geteuid()
        let name = getpwuid(id).flatMap { String(validatingCString: $0.pointee.pw_name) }
        let runs = IDGrants(SmallFile.text(of: file) ?? "")
            .runs(of: name ?? String(id), id: id, own: own).prefix(mostRuns)
        guard !runs.isEmpty else { throw failure("no ids in '\(file)'") }
        var words = [program, String(getpid()), "0", String(own), "1"]
        var next: UInt64 = 1
        for run in runs {
            words += [next, run.first, run.count].map(String.init)
            next += run.count
        }
        return words
    }

    private static func start(
        _ words: [String], behind gate: [Int32], errors: Int32
    ) throws -> pid_t {
        let arguments = words.map { strdup($0) }
        defer { arguments.forEach { free($0) } }
        let child = zentoo_spawn_behind(gate, errors, arguments + [nil])
        guard child > 0 else { throw failure("\(Errno(rawValue: errno))") }
        return child
    }

    private static func failure(_ reason: String) -> EngineError {
        EngineError(.setup, "cannot make a user namespace: \(reason)")
    }
}
