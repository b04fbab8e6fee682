internal import Logging
internal import SystemPackage

/// Logs, which are for whoever wants to know how a result came about: every
/// program that is run, with its arguments. Off unless `--verbose` or
/// `ZENTOO_TRACE` asks, the latter with the values of git's `GIT_TRACE`.
enum Trace {
    /// Where log lines go.
    enum Destination: Sendable, Hashable {
        case nowhere
        case standardError
        case file(FilePath)
        /// A value that means nothing.
        case unknown(String)

        /// Reads a value of `ZENTOO_TRACE` by the rules git(1) gives for
        /// `GIT_TRACE`.
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

    /// Sets logging up for the process; called once.
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
                // One write a line: traces of processes side by side keep
                // whole lines. A full disk must not end a build.
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

/// Writes `0.012345 exec: git config --get color.ui`.
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
