internal import CLinux
internal import Glibc
internal import SystemPackage

/// A pseudo-terminal for a step, joined to the user's terminal; see pty(7).
///
/// Programs in a root must not have the user's terminal itself: on many kernels
/// they could insert input there that the user's shell reads later (TIOCSTI,
/// ioctl_tty(2)). Input of the user, including Ctrl-C, is for the step alone:
/// the user's terminal is in raw mode meanwhile, so that it sends no signals.
final class PseudoTerminal {
    /// This process' end of the pseudo-terminal.
    let master: FileDescriptor
    /// The path of the step's end.
    let path: String
    /// Whether standard error is a terminal as well, and not a file or pipe.
    let takesErrors: Bool

    private let original: termios
    /// Input that has not been passed on yet.
    private var pending: [UInt8] = []
    private var isInputOpen = true

    /// Creates a pseudo-terminal like the user's; returns nil if standard input
    /// or output is not a terminal.
    ///
    /// - Throws: `Errno`.
    static func likeOurs() throws -> PseudoTerminal? {
        var modes = termios()
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
            tcgetattr(STDIN_FILENO, &modes) == 0
        else { return nil }
        let number = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        let master = FileDescriptor(rawValue: number)
        guard grantpt(number) == 0, unlockpt(number) == 0, let name = ptsname(number),
            // Both ends share the modes of the terminal.
            tcsetattr(number, TCSANOW, &modes) == 0,
            fcntl(number, F_SETFL, O_NONBLOCK) == 0
        else {
            let reason = Errno(rawValue: errno)
            try? master.close()
            throw reason
        }
        let terminal = PseudoTerminal(
            master: master, path: String(cString: name),
            takesErrors: isatty(STDERR_FILENO) == 1, original: modes)
        terminal.takeSize()
        terminal.makeOursRaw()
        return terminal
    }

    private init(master: FileDescriptor, path: String, takesErrors: Bool, original: termios) {
        self.master = master
        self.path = path
        self.takesErrors = takesErrors
        self.original = original
    }

    deinit {
        var modes = original
        tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
        try? master.close()
    }

    /// Copies the size of the user's window after it changed.
    func takeSize() {
        TerminalWindow.copySize(from: .standardInput, to: master)
    }

    /// Puts the user's terminal into raw mode; needed again after a shell that
    /// stopped this process has changed it.
    func makeOursRaw() {
        var modes = original
        cfmakeraw(&modes)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
    }

    /// Returns the descriptors to wait for with poll(2): the user's input, then
    /// the other end.
    func watched() -> [pollfd] {
        let reads = isInputOpen && pending.isEmpty
        let events = Int16(POLLIN) | (pending.isEmpty ? 0 : Int16(POLLOUT))
        return [
            pollfd(fd: reads ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: master.rawValue, events: events, revents: 0),
        ]
    }

    /// Passes on the available data in both directions.
    func pass(_ watched: ArraySlice<pollfd>) {
        if let input = watched.first, input.revents != 0 {
            let typed = Self.read(FileDescriptor(rawValue: STDIN_FILENO))
            isInputOpen = !typed.isEmpty
            pending += typed
        }
        if !pending.isEmpty, let count = try? pending.withUnsafeBytes({ try master.write($0) }) {
            pending.removeFirst(count)
        }
        if let output = watched.last, output.revents & Int16(POLLIN) != 0 { _ = passOutput() }
    }

    /// Shows the remaining output when the step has ended.
    func finish() {
        while passOutput() {}
    }

    private func passOutput() -> Bool {
        let said = Self.read(master)
        guard !said.isEmpty else { return false }
        return (try? FileDescriptor.standardOutput.writeAll(said)) != nil
    }

    /// Returns an empty array at the end of the file and when no data is
    /// available.
    private static func read(_ file: FileDescriptor) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = try? buffer.withUnsafeMutableBytes { try file.read(into: $0) }
        return Array(buffer[..<(count ?? 0)])
    }
}
