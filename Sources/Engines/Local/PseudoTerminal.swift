internal import CLinux
internal import Glibc
internal import SystemPackage

/// A terminal of a step's own, joined to the person's; see pty(7).
///
/// What runs in a root must not have our terminal itself: on many kernels it
/// could type there, for us, what the shell reads that comes after us
/// (TIOCSTI, ioctl_tty(2)). And what the person types, Ctrl-C too, is for the
/// step alone: ours is raw meanwhile, so that it sends no signals.
final class PseudoTerminal {
    /// The end that is ours.
    let master: FileDescriptor
    /// The other end, to be opened by the step.
    let path: String
    /// Whether standard error is a terminal as well, and not a file or pipe.
    let takesErrors: Bool

    private let original: termios
    /// What was typed and not yet taken.
    private var pending: [UInt8] = []
    private var isInputOpen = true

    /// Makes one like ours; nil where we have none, and somebody reads from or
    /// writes to a file or pipe.
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
            // Each end has the modes of the one terminal.
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

    /// The person's window has another size now.
    func takeSize() {
        TerminalWindow.copySize(from: .standardInput, to: master)
    }

    /// Has our terminal pass on all that is typed; also after a shell that
    /// stopped us had it back for a while.
    func makeOursRaw() {
        var modes = original
        cfmakeraw(&modes)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
    }

    /// What is to be waited for by poll(2): our input, then the other end.
    func watched() -> [pollfd] {
        let reads = isInputOpen && pending.isEmpty
        let events = Int16(POLLIN) | (pending.isEmpty ? 0 : Int16(POLLOUT))
        return [
            pollfd(fd: reads ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: master.rawValue, events: events, revents: 0),
        ]
    }

    /// Passes on what has come, in both directions.
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

    /// Shows what is left to be shown when the step has ended.
    func finish() {
        while passOutput() {}
    }

    private func passOutput() -> Bool {
        let said = Self.read(master)
        guard !said.isEmpty else { return false }
        return (try? FileDescriptor.standardOutput.writeAll(said)) != nil
    }

    /// Nothing at the end, and when there is nothing.
    private static func read(_ file: FileDescriptor) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = try? buffer.withUnsafeMutableBytes { try file.read(into: $0) }
        return Array(buffer[..<(count ?? 0)])
    }
}
