internal import SystemPackage
internal import Synchronization

/// The one door to the terminal.
///
/// Results go to standard output, all else to standard error, as git's coding
/// guidelines have it: what one might pipe somewhere is the former. Results
/// are buffered; ``finish()`` writes what is left and says whether all of it
/// arrived.
final class Output: Sendable {
    /// How much is said and how it looks.
    struct Manner: Sendable {
        /// Keeps status lines and progress away.
        var isQuiet = false
        /// Shows details.
        var isVerbose = false
        /// Whether results, and whether messages, are coloured.
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

    /// Shows a result in the face that was asked for.
    func report(_ report: some Report, as format: ReportFormat) throws {
        switch format {
        case .text: result(report.page.rendered(colored: manner.colorsResults))
        case .json: result(bytes: try JSONText.encode(report))
        }
    }

    /// Adds text to the result as it is.
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

    /// Writes what is pending and takes the live line away.
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

    /// Tells what is going on; silent under `--quiet`.
    func status(_ text: StyledText) {
        if !manner.isQuiet { message(text) }
    }

    /// Tells what only somebody who asked for details wants to know.
    func detail(_ text: StyledText) {
        if manner.isVerbose && !manner.isQuiet { message(text) }
    }

    /// Tells of something that is likely not what the user wants.
    func warning(_ text: StyledText) {
        message("\("warning:", .notice) \(text)")
    }

    /// Tells what to type or change.
    func hint(_ text: StyledText) {
        message("\("hint:", .name) \(text)")
    }

    /// Tells why the command ends here, and what can be done about it.
    func error(_ report: ErrorReport) {
        for line in report.lines { message(line) }
    }

    /// Tells how a command is called; not to be hushed, as it follows an error.
    func usage(_ line: String) {
        message("\(line)")
    }

    /// A line of a program's output, as the bytes it is.
    func line(bytes: [UInt8]) {
        write(bytes + [UInt8(ascii: "\n")])
    }

    /// Tells a page at once, as to somebody who watches a push; silent under
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

    /// Columns for the live line.
    var columns: Int { messages.columns ?? 80 }

    /// Draws or replaces the live line, the last on the terminal; an empty
    /// one takes it away.
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

    /// Whether somebody reads the messages, as far as is known: a pusher may
    /// have gone.
    var isHeard: Bool { state.withLock { $0.isHeard } }

    private func replaceLiveLine(by line: String, _ state: inout State) {
        guard line != state.liveLine else { return }
        // Erasing after the text rather than before it does not flicker.
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

    /// There is nowhere left to tell that standard error cannot be written.
    @discardableResult
    private func send(_ bytes: [UInt8]) -> Bool {
        (try? messages.write(bytes)) != nil
    }
}
