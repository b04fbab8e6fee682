package import Engines
internal import Exec
internal import Records
package import Sites
internal import Synchronization
package import SystemPackage

/// Follows a running job: writes its log, parses the output of emerge, and
/// collects the data for the record.
package final class BuildMonitor: Sendable {
    private struct State {
        var lastLines: [String] = []
        var hasFailed = false
        var unsandboxed: [String] = []
        var failures: [PackageFailure] = []
        var givenUp: [String] = []
        var isOutOfSpace = false
        var fullPlace: FullPlace?
        var isOutOfMemory = false
        var emulator: String?
        var distribution = DistributionTally()
        var merge: MergeSummary?
        var started: [String: ContinuousClock.Instant] = [:]
        var durations: [String: Int] = [:]
        var writeError: (any Error)?
    }

    /// The number of lines shown from the end of a failed step's log.
    private static let linesKept = 20

    private let state = Mutex(State())
    private let log: FileDescriptor?
    private let endsAtFailure: Bool
    private let directory: StateDirectory?
    private let report: @Sendable (BuildEvent) -> Void

    /// - Parameters:
    ///   - log: the file to write the log to; nil for none.
    ///   - endsAtFailure: whether to keep no lines after a failed phase,
    ///     because only Portage's long message follows, of which only the
    ///     beginning is informative.
    ///   - directory: where to look for a full file system if a step fails.
    ///   - report: called for each event.
    package init(
        log: FileDescriptor?, endsAtFailure: Bool = false, directory: StateDirectory? = nil,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.log = log
        self.endsAtFailure = endsAtFailure
        self.directory = directory
        self.report = report
    }

    /// How binary packages were merged; nil if `merge.py` did not run.
    var merge: MergeSummary? { state.withLock { $0.merge } }

    /// Returns whether `merge.py` failed through a fault of its own, not of a
    /// package, with a warning: the root has to be thrown away.
    func warnsOfBrokenMerge(in outcome: Outcome) -> Bool {
        guard let reason = merge?.reasonForEmerge, merge?.route == .broken,
            outcome.failure?.status == .exited(MergeSummary.brokenStatus)
        else { return false }
        warn("merge.py failed, and emerge begins again: \(reason)")
        return true
    }

    /// Handles one event of the job.
    package func hear(_ event: JobEvent) {
        switch event {
        case .started(let step):
            write(Array("=== \(step)\n".utf8))
            report(.step(step))
        case .line(let step, let bytes):
            let line = String(decoding: bytes, as: UTF8.self)
            if Compilers.isOne(step) {
                write(Array("\(step): ".utf8) + bytes + [UInt8(ascii: "\n")])
                state.withLock { $0.distribution.takeCompiler(line) }
            } else {
                write(bytes + [UInt8(ascii: "\n")])
                if let merge = MergeSummary(line: line) { state.withLock { $0.merge = merge } }
                understand(line)
            }
        case .ended(let result):
            // Output after a failure, such as that of the harvest, is not its
            // cause.
            if !result.status.isSuccess {
                // Checked now: the files that filled it are removed with the
                // job.
                let full = directory.flatMap { FullPlace.fullest(of: $0) }
                state.withLock { state in
                    state.hasFailed = true
                    state.fullPlace = state.fullPlace ?? full
                }
            }
            let seconds = result.duration.components.seconds
            write(Array("=== \(result.name): \(result.status) after \(seconds) s\n".utf8))
            if result.ranOutOfMemory {
                write(
                    Array("=== \(result.name): the kernel ended a process of it: no memory\n".utf8))
                state.withLock { $0.isOutOfMemory = true }
            }
        case .notice(let notice):
            hear(notice)
        }
    }

    private func hear(_ notice: JobNotice) {
        let text: String
        switch notice {
        case .waiting(let what):
            text = "waiting for \(what)"
            report(.waiting(what))
        case .placed(let machine):
            text = "on \(machine)"
            report(.note("on \(machine)"))
        case .emulated(let program):
            text = "emulated by \(program)"
            let isNews = state.withLock { state in
                defer { state.emulator = program }
                return state.emulator != program
            }
            if isNews { report(.note("emulated by \(program)")) }
        case .lostCompanion(let name, let reason):
            text = "\(name) is gone: \(reason)"
            report(.warning(text))
        case .begunAgain(let reason):
            text = "begun again: \(reason)"
            state.withLock { state in
                let (emulator, writeError) = (state.emulator, state.writeError)
                state = State()
                (state.emulator, state.writeError) = (emulator, writeError)
            }
            report(.warning("begun again: \(reason)"))
        }
        write(Array("=== \(text)\n".utf8))
    }

    /// Appends the logs of the single packages, of which emerge shows little
    /// when it builds several at once.
    ///
    /// - Throws: `FileError`.
    package func readPackageLogs(in output: JobOutput) throws {
        for (name, bytes) in try output.packageLogs() {
            write(Array("=== log of \(name)\n".utf8))
            write(bytes)
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
                .map { String(decoding: $0, as: UTF8.self) }
            for line in lines {
                noteSpace(line)
                state.withLock { $0.distribution.takePackage(line) }
                if case .unsandboxed(let feature) = EmergeOutput.event(line) {
                    note(unsandboxed: feature)
                }
            }
            if let package = failure?.package, Self.isLog(name, of: package) {
                explainFailure(from: lines)
            }
        }
    }

    /// Returns whether Portage's log name, `category:name-version:time.log`, is
    /// of a package.
    private static func isLog(_ name: String, of package: String) -> Bool {
        name.hasPrefix(package.replacing("/", with: ":") + ":")
    }

    /// Sets the last lines to a failed package's output before the failure and
    /// the first lines of Portage's long message: they state the reason, the
    /// rest lists paths inside the root.
    private func explainFailure(from lines: [String]) {
        guard
            let message = lines.firstIndex(where: {
                $0.contains("ERROR: ") && $0.contains(" failed (")
            })
        else { return }
        let end = min(message + 2, lines.count)
        state.withLock { $0.lastLines = Array(lines[..<end].suffix(Self.linesKept)) }
    }

    /// Checks for ENOSPC as strerror(3) prints it in the C locale, which builds
    /// use.
    private func noteSpace(_ line: String) {
        guard line.contains("No space left on device") else { return }
        state.withLock { $0.isOutOfSpace = true }
    }

    /// Notes that a job could not be run to its end for lack of space.
    func note(_ error: EngineError) {
        write(Array("=== \(error.message)\n".utf8))
        let full = directory.flatMap { FullPlace.fullest(of: $0) }
        state.withLock { state in
            state.isOutOfSpace = true
            state.lastLines.append(error.message)
            state.fullPlace = state.fullPlace ?? full
        }
    }

    private func note(unsandboxed feature: String) {
        let isNew = state.withLock { state in
            guard !state.unsandboxed.contains(feature) else { return false }
            state.unsandboxed.append(feature)
            return true
        }
        if isNew { report(.unsandboxed(feature)) }
    }

    private func understand(_ line: String) {
        noteSpace(line)
        if let trouble = state.withLock({ $0.distribution.takeMerge(line) }) {
            report(.warning(trouble))
        }
        let event = EmergeOutput.event(line)
        let news: BuildEvent? = state.withLock { state in
            // emerge repeats this line all the time.
            if !line.hasPrefix(">>> Jobs: "), !state.hasFailed { state.lastLines.append(line) }
            if state.lastLines.count > Self.linesKept { state.lastLines.removeFirst() }
            switch event {
            case .emerging(let index, let total, let package, let binary):
                if !binary { state.started[package] = .now }
                return .package(index: index, total: total, cpv: package, binary: binary)
            case .installing, nil:
                return nil
            case .completed(let index, let total, let package):
                if let start = state.started.removeValue(forKey: package) {
                    state.durations[package] = Int((ContinuousClock.now - start).components.seconds)
                }
                return .completed(index: index, total: total, cpv: package)
            case .phase(let phase):
                return .phase(phase)
            case .failed(let package, let phase):
                if !state.failures.contains(where: { $0.package == package }) {
                    state.failures.append(PackageFailure(package: package, phase: phase))
                }
                if endsAtFailure { state.hasFailed = true }
                return nil
            case .givenUp(let package):
                if !state.givenUp.contains(package) { state.givenUp.append(package) }
                return nil
            case .unsandboxed:
                return nil
            }
        }
        if let news { report(news) }
        if case .unsandboxed(let feature) = event { note(unsandboxed: feature) }
    }

    /// Prints a warning that belongs to no step, on the terminal and in the
    /// log.
    func warn(_ text: String) {
        write(Array("=== \(text)\n".utf8))
        report(.warning(text))
    }

    /// Writes remarks from before the log existed to the log, once.
    func note(_ remarks: Lines) {
        for text in remarks.take() { write(Array("=== \(text)\n".utf8)) }
    }

    private func write(_ bytes: [UInt8]) {
        guard let log else { return }
        do {
            try log.writeAll(bytes)
        } catch {
            state.withLock { $0.writeError = $0.writeError ?? error }
        }
    }

    /// The last lines of the job's output, oldest first.
    package var lastLines: [String] { state.withLock { $0.lastLines } }
    var unsandboxed: [String] { state.withLock { $0.unsandboxed } }
    /// Whether any output reported a full disk.
    private var isOutOfSpace: Bool { state.withLock { $0.isOutOfSpace } }
    /// The file system with the least space, if any output reported a full
    /// disk.
    var fullPlace: FullPlace? {
        state.withLock { $0.isOutOfSpace ? $0.fullPlace : nil }
    }
    /// The first package that failed and its phase: `merge` if it was not a
    /// phase of the ebuild, for example for a file name that Portage does not
    /// accept.
    package var failure: (package: String, phase: String)? {
        failures.first.map { ($0.package, $0.phase) }
    }
    /// All packages that failed, first those whose phase is known.
    var failures: [PackageFailure] {
        state.withLock { state in
            let known = Set(state.failures.map(\.package))
            return state.failures
                + state.givenUp.filter { !known.contains($0) }
                .map { PackageFailure(package: $0, phase: "merge") }
        }
    }

    /// Returns the failure of a build, given its first failing step.
    ///
    /// A lack of space is not the failure of any package, and may pass by
    /// itself. It is inferred from the log alone, so nothing is trusted because
    /// of it.
    func failure(of step: StepResult, log: String) -> BuildResult.Failure {
        if isOutOfSpace { return BuildResult.Failure(phase: BuildResult.Failure.noSpace, log: log) }
        let ofMerge =
            [BuildJobs.compileStep, BuildJobs.mergeStep].contains(step.name) ? failure : nil
        if state.withLock({ $0.isOutOfMemory }) {
            return BuildResult.Failure(
                phase: BuildResult.Failure.noMemory, package: ofMerge?.package, log: log)
        }
        return BuildResult.Failure(
            phase: ofMerge?.phase ?? step.name, package: ofMerge?.package, log: log)
    }

    /// The emulator of the stage's processor, if it had to be emulated.
    var emulator: String? { state.withLock { $0.emulator } }

    /// The counts of what other machines compiled.
    var distribution: BuildResult.Distribution { state.withLock { $0.distribution.counts } }

    /// Warns if compilations did not run on the machines they should have:
    /// distcc(1) then runs them locally, and nothing fails.
    ///
    /// - Parameter hasCache: whether there may have been nothing to compile.
    func reportDistribution(hasCache: Bool) {
        let trouble = state.withLock { $0.distribution.trouble(hasCache: hasCache) }
        if let trouble { report(.warning(trouble)) }
    }

    /// Seconds that each compiled package took.
    var durations: [String: Int] { state.withLock { $0.durations } }
    /// The error that left the log incomplete; nil if it is complete.
    var writeError: (any Error)? { state.withLock { $0.writeError } }
}
