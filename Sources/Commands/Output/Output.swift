internal import SystemPackage
internal import Synchronization

/// The only writer to standard output and standard error.
///
/// Results go to standard output, everything else to standard error, following
/// git's coding guidelines: what a user may pipe to another program is a
/// result. Results are buffered; ``finish()`` writes the rest and reports
/// whether everything was written.
final class Output: Sendable {
    /// The verbosity and colours of the output.
    struct Manner: Sendable {
        /// Suppresses status lines and progress.
        var isQuiet = false
        /// Shows details.
        var isVerbose = false
        /// Whether results are coloured, and whether messages are.
        var colorsResults = false
        var colorsMessages = false
    }

    private struct State: Sendable {
        var pending: [UInt8] = []
        var liveLine = ""
        var brokenBy: Errno?
        var isHeard = true
    }

    private static let bufferSize = 1 << 16

    let manner: Manner
    private let results: any ByteSink
    private let messages: any ByteSink
    private let state = Mutex(State())

    init(results: any ByteSink, messages: any ByteSink, manner: Manner) {
        self.results = results
        self.messages = messages
        self.manner = manner
    }

    // MARK: Results

    /// Shows a result in the requested format.
    func report(_ report: some Report, as format: ReportFormat) throws {
        switch format {
        case .text: result(report.page.rendered(colored: manner.colorsResults))
        case .json: result(bytes: try JSONText.encode(report))
        }
    }

    /// Adds text to the result unchanged.
    func result(_ text: String) {
        result(bytes: Array(text.utf8))
    }

    /// Adds bytes to the result, such as a log that need not be UTF-8.
    func result(bytes: [UInt8]) {
        state.withLock { state in
            state.pending += bytes
            if state.pending.count >= Self.bufferSize || results.isTerminal { flush(&state) }
        }
    }

    /// Writes the buffered results and removes the live line.
    ///
    /// - Throws: `Errno` of the first write of a result that failed.
    func finish() throws {
        try state.withLock { state in
            replaceLiveLine(by: "", &state)
            flush(&state)
            if let errno = state.brokenBy { throw errno }
        }
    }

    // MARK: Messages

    /// Shows a status message; silent under `--quiet`.
    func status(_ text: StyledText) {
        if !manner.isQuiet { message(text) }
    }

    /// Shows a detail; silent unless `--verbose` is given.
    func detail(_ text: StyledText) {
        if manner.isVerbose && !manner.isQuiet { message(text) }
    }

    /// Shows a warning about something the user probably did not intend.
    func warning(_ text: StyledText) {
        message("\("warning:", .notice) \(text)")
    }

    /// Shows what to type or change.
    func hint(_ text: StyledText) {
        message("\("hint:", .name) \(text)")
    }

    /// Shows why the command fails, and what can be done about it.
    func error(_ report: ErrorReport) {
        for line in report.lines { message(line) }
    }

    /// Shows the usage of a command, also under `--quiet`, as it follows an
    /// error.
    func usage(_ line: String) {
        message("\(line)")
    }

    /// Writes a line of a program's output as unchanged bytes.
    func line(bytes: [UInt8]) {
        write(bytes + [UInt8(ascii: "\n")])
    }

    /// Writes a page at once, as for the user who pushes; silent under
    /// `--quiet`.
    func message(_ page: Page) {
        guard !manner.isQuiet else { return }
        write(Array(page.rendered(colored: manner.colorsMessages).utf8))
    }

    private func message(_ text: StyledText) {
        write(Array((text.rendered(colored: manner.colorsMessages) + "\n").utf8))
    }

    // MARK: The live line

    /// Whether a live line can be drawn at all.
    var drawsLiveLine: Bool { messages.isTerminal && !manner.isQuiet }

    /// The columns available for the live line.
    var columns: Int { messages.columns ?? 80 }

    /// Draws or replaces the live line, the last on the terminal; an empty one
    /// removes it.
    func showLiveLine(_ line: String) {
        guard drawsLiveLine else { return }
        state.withLock { replaceLiveLine(by: line, &$0) }
    }

    // MARK: Writing

    private func write(_ bytes: [UInt8]) {
        state.withLock { state in
            let live = state.liveLine
            replaceLiveLine(by: "", &state)
            if !send(bytes) { state.isHeard = false }
            replaceLiveLine(by: live, &state)
        }
    }

    /// Whether messages are still being read, as far as is known: a pusher may
    /// have disconnected.
    var isHeard: Bool { state.withLock { $0.isHeard } }

    private func replaceLiveLine(by line: String, _ state: inout State) {
        guard line != state.liveLine else { return }
        // Erasing after the text instead of before it avoids flicker.
        send(Array("\r\(line)\u{1B}[K".utf8))
        state.liveLine = line
    }

    private func flush(_ state: inout State) {
        guard !state.pending.isEmpty, state.brokenBy == nil else { return }
        let live = state.liveLine
        if results.isTerminal { replaceLiveLine(by: "", &state) }
        do {
            try results.write(state.pending)
        } catch {
            state.brokenBy = (error as? Errno) ?? .ioError
        }
        state.pending.removeAll(keepingCapacity: true)
        if results.isTerminal { replaceLiveLine(by: live, &state) }
    }

    /// Writes to standard error and returns whether that succeeded; there is
    /// nowhere to report a failure.
    @discardableResult
    private func send(_ bytes: [UInt8]) -> Bool {
        (try? messages.write(bytes)) != nil
    }
}
