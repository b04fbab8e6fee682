internal import Logging
internal import SystemPackage

/// Logging of how a result came about: every program that is run, with its
/// arguments. Off unless enabled by `--verbose` or `ZENTOO_TRACE`, which takes
/// the values of git's `GIT_TRACE`.
enum Trace {
    /// The destination of log lines.
    enum Destination: Sendable, Hashable {
        case nowhere
        case standardError
        case file(FilePath)
        /// An invalid value.
        case unknown(String)

        /// Parses a value of `ZENTOO_TRACE` by the rules that git(1) gives for
        /// `GIT_TRACE`, without the file descriptors from 3 to 9.
        init(_ value: String?) {
            switch value?.lowercased() {
            case nil, "", "0", "false": self = .nowhere
            case "1", "2", "true": self = .standardError
            case .some:
                let path = value ?? ""
                self = path.utf8.first == UInt8(ascii: "/") ? .file(FilePath(path)) : .unknown(path)
            }
        }
    }

    /// Sets up logging for the process. Called once.
    static func start(_ value: String?, output: Output) {
        switch Destination(value) {
        case .nowhere where output.manner.isVerbose, .standardError:
            bootstrap { output.line(bytes: $0) }
        case .nowhere:
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
        case .file(let path):
            do {
                let file = try FileDescriptor.open(
                    path, .writeOnly, options: [.append, .create, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
                // One write per line: if several processes write the trace,
                // lines stay whole. Errors are ignored: a full disk must not
                // end a build.
                bootstrap { _ = try? file.writeAll($0 + [UInt8(ascii: "\n")]) }
            } catch {
                output.warning("cannot open '\(path)' for tracing: \(error)")
                LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            }
        case .unknown(let value):
            output.warning("unknown trace value for 'ZENTOO_TRACE': \(value)")
            output.hint("use '1' for standard error, or an absolute path to append to")
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
        }
    }

    private static func bootstrap(_ write: @escaping @Sendable ([UInt8]) -> Void) {
        let start = ContinuousClock.now
        LoggingSystem.bootstrap { label in
            TraceHandler(label: label, start: start, write: write)
        }
    }
}

/// Writes lines such as `0.012345 exec: git config --get color.ui`.
private struct TraceHandler: LogHandler {
    let label: String
    let start: ContinuousClock.Instant
    let write: @Sendable ([UInt8]) -> Void
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level = .trace

    init(
        label: String, start: ContinuousClock.Instant,
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.label = label
        self.start = start
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let elapsed = (ContinuousClock.now - start).components
        let fraction = String(elapsed.attoseconds / 1_000_000_000_000)
        let padded = String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
        write(Array("\(elapsed.seconds).\(padded) \(label): \(event.message)".utf8))
    }
}
