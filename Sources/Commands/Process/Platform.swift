#if canImport(Glibc)
    // The C library declares `environ` as a mutable variable.
    @preconcurrency internal import Glibc
#elseif canImport(Musl)
    @preconcurrency internal import Musl
#endif
internal import SystemPackage

/// The inherited properties and the terminal of this process. No other code in
/// Commands asks the C library for them.
enum Platform {
    /// Returns the environment. Called once, before there is a second thread.
    static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        // `environ` is optional in Musl's header, but not in Glibc's.
        let first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
        guard var entry = first else { return [:] }
        while let line = entry.pointee {
            let text = String(cString: line)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }

    /// The number of processors online (sysconf(3)).
    static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Returns the name of the user this process runs as; nil for a user
    /// without a name.
    static func userName() -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 16) { buffer in
            guard let start = buffer.baseAddress,
                getpwuid_r(geteuid(), &entry, start, buffer.count, &found) == 0,
                let name = found?.pointee.pw_name
            else { return nil }
            return String(cString: name)
        }
    }

    /// Returns the working directory.
    static func workingDirectory() -> FilePath {
        guard let bytes = getcwd(nil, 0) else { return "." }
        defer { free(bytes) }
        return FilePath(platformString: bytes)
    }

    /// Returns the file that this program was started from, links resolved.
    static func executable() -> FilePath {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
            guard let start = buffer.baseAddress else { return "git-zentoo" }
            let length = readlink("/proc/self/exe", start, Int(PATH_MAX))
            guard length > 0 else { return "git-zentoo" }
            buffer[length] = 0
            return FilePath(platformString: start)
        }
    }

    static func isTerminal(_ descriptor: FileDescriptor) -> Bool {
        isatty(descriptor.rawValue) == 1
    }

    /// Makes writes to a closed pipe fail instead of killing the process in the
    /// middle of an operation; programs it starts get the default action.
    static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// The signal by which a write to a closed pipe would have killed the
    /// process.
    static let brokenPipeSignal = SIGPIPE

    /// Ends the process by the default action of a signal, so that a shell sees
    /// that the signal ended it, as git does.
    static func die(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        // Tasks run on threads with all signals blocked.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
        exit(128 + number)
    }

    static func leave(with status: Int32) -> Never {
        exit(status)
    }
}
