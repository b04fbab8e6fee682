internal import CLinux
internal import Exec
internal import Glibc
internal import SystemPackage

/// A user namespace in which this process is root: its own id is 0 there, and
/// the ids that `/etc/subuid` and `/etc/subgid` grant to its user are 1 and
/// up. See user_namespaces(7).
///
/// Only newuidmap(1) and newgidmap(1) may map ids that are not the user's own,
/// and only from outside. So both are started first, in the namespace that is
/// left, and wait at a gate until we are in the new one. The gate is a pipe
/// that we alone hold open: whoever is killed at whatever instant, nobody
/// waits for ever.
enum UserNamespace {
    /// The most lines the kernel takes of a map, our own id's among them.
    private static let mostRuns = 339

    /// Makes the namespace and moves this process there, which must have one
    /// thread alone.
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
        // An error shuts the gate before those who wait there are waited for.
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

    /// The command line that maps this process' ids.
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
