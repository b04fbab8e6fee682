#if canImport(Glibc)
    // The C library declares `environ` as a variable anybody may change.
    @preconcurrency internal import Glibc
#elseif canImport(Musl)
    @preconcurrency internal import Musl
#endif
internal import SystemPackage

/// What this process was given by the one that started it, and its terminal:
/// the only place that asks the C library.
enum Platform {
    /// The environment; called once, before there is a second thread.
    static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        // Musl's header allows for none at all, which Glibc's does not.
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

    /// How many processors there are to work with (sysconf(3)).
    static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// The name of the user this process runs as; nil for one without a name.
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

    /// Where we are.
    static func workingDirectory() -> FilePath {
        guard let bytes = getcwd(nil, 0) else { return "." }
        defer { free(bytes) }
        return FilePath(platformString: bytes)
    }

    /// The file this program was started from, links resolved.
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

    /// Has writes to a closed pipe fail instead of killing us in the midst of
    /// something; programs we start get the default back.
    static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// What a write to a closed pipe would have killed us with.
    static let brokenPipeSignal = SIGPIPE

    /// Ends by `number`'s own default action, so that a shell sees that a
    /// signal ended us, as git does.
    static func die(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        // Tasks run on threads that have all signals blocked.
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
