#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Exec
import SystemPackage

/// The resources used by one run of a process.
struct Measurement {
    /// The time from its start to its end.
    let wall: Duration
    /// The time on all processors, in user and kernel mode.
    let cpu: Duration
    /// The maximum resident memory in bytes. Nil if it was less than the maximum of
    /// this process, which the kernel counts for a child until it calls exec.
    let memory: Int?
}

/// A program that is run and measured.
struct Program {
    /// The file and its arguments.
    var command: [String]
    var environment: [String: String]
    var directory: FilePath
    /// The standard input; empty if nil.
    var input: FilePath?
}

/// A measured program failed.
struct Failure: Error, CustomStringConvertible {
    let description: String
}

extension Program {
    /// Runs the program and waits for it.
    ///
    /// Does not use `Exec`: only wait4(2) returns the usage of one child, and a
    /// parent that collects output would be measured with it.
    ///
    /// - Throws: ``Failure`` with the end of the program's output if it fails.
    func measure() throws -> Measurement {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let said = FilePath("/tmp/zentoo-benchmark.\(OwnProcess.number).said")
        defer { unlink(said.string) }
        posix_spawn_file_actions_addopen(&actions, 0, input?.string ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 2, said.string, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // posix_spawn_file_actions_addchdir_np is not visible to Swift; all other
        // paths of this program are absolute.
        guard chdir(directory.string) == 0 else {
            throw Failure(description: "cannot go to '\(directory)'")
        }

        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }

        let clock = ContinuousClock()
        let start = clock.now
        var child: pid_t = 0
        let status = posix_spawnp(&child, command[0], &actions, nil, &arguments, &variables)
        guard status == 0 else {
            throw Failure(description: "cannot run '\(command[0])': \(Errno(rawValue: status))")
        }
        var ended: Int32 = 0
        var used = rusage()
        while wait4(child, &ended, 0, &used) < 0 && errno == EINTR {}
        let wall = clock.now - start
        guard ended == 0 else {
            throw Failure(
                description: "'\(command.joined(separator: " "))' failed (\(ended)): "
                    + Self.end(of: said))
        }
        return Measurement(
            wall: wall, cpu: Self.duration(used.ru_utime) + Self.duration(used.ru_stime),
            memory: used.ru_maxrss > OwnProcess.memory ? used.ru_maxrss << 10 : nil)
    }

    /// Runs the program once more and returns its maximum memory in bytes; nil for
    /// a program smaller than an interpreter.
    ///
    /// It is started by an interpreter that is smaller than this process, since the
    /// memory of the parent counts as the program's until it calls exec.
    ///
    /// - Throws: `ExecError` if it fails.
    func measureMemory() async throws -> Int? {
        let script = """
            import os, sys
            child = os.fork()
            if not child:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                os.execvp(sys.argv[1], sys.argv[1:])
            _, status, used = os.wait4(child, 0)
            # Not what getrusage says of us, which counts who started us.
            own = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
            print(used.ru_maxrss if used.ru_maxrss > int(own[0].split()[1]) else "")
            sys.exit(os.waitstatus_to_exitcode(status))
            """
        let completion = try await Invocation(
            "python3", ["-c", script] + command, environment: environment,
            workingDirectory: directory
        ).run().orThrow()
        return Int(completion.text).map { $0 << 10 }
    }

    private static func duration(_ time: timeval) -> Duration {
        .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }

    private static func end(of path: FilePath) -> String {
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return "" }
        defer { try? file.close() }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = (try? buffer.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

/// This process.
enum OwnProcess {
    /// The process id, for names that no other process uses.
    static var number: Int32 { getpid() }

    /// The directory in which it was started.
    static var directory: FilePath {
        guard let bytes = getcwd(nil, 0) else { return "/" }
        defer { free(bytes) }
        return FilePath(platformString: bytes)
    }

    /// The maximum memory that it ever used, in kilobytes.
    static var memory: Int {
        var used = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &used)
        return used.ru_maxrss
    }

    /// The file it was started from, with links resolved.
    static var executable: FilePath {
        get throws {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            let length = readlink("/proc/self/exe", &buffer, Int(PATH_MAX))
            guard length > 0 else { throw Failure(description: "cannot read /proc/self/exe") }
            return buffer.withUnsafeBufferPointer {
                $0.baseAddress.map { FilePath(platformString: $0) } ?? ""
            }
        }
    }
}
