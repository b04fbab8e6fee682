internal import CLinux
public import SystemPackage

/// The window of a terminal; see ioctl_tty(2).
public enum TerminalWindow {
    /// Returns the width in columns; nil for a descriptor that is not a
    /// terminal, and for a terminal of unknown size.
    public static func columns(of terminal: FileDescriptor) -> Int? {
        let columns = zentoo_window_columns(terminal.rawValue)
        return columns > 0 ? Int(columns) : nil
    }

    /// Gives one terminal the size of another if both are terminals.
    static func copySize(from source: FileDescriptor, to target: FileDescriptor) {
        _ = zentoo_copy_window_size(source.rawValue, target.rawValue)
    }
}
