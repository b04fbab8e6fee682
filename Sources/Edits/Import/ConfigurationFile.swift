/// A file of an `/etc/portage`, as lines that can be moved.
struct ConfigurationFile: Equatable {
    /// The path in the directory: `make.conf`, `package.use/cpu`.
    let path: String
    /// The lines with their newlines, so that the remaining ones stay
    /// unchanged.
    private(set) var lines: [[UInt8]]

    init(path: String, bytes: [UInt8]) {
        self.path = path
        lines = []
        var line: [UInt8] = []
        for byte in bytes {
            line.append(byte)
            if byte == UInt8(ascii: "\n") {
                lines.append(line)
                line = []
            }
        }
        if !line.isEmpty { lines.append(line) }
    }

    var bytes: [UInt8] { lines.flatMap { $0 } }

    /// Whether only blanks and newlines are left.
    var isBlank: Bool { bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) } }

    /// Removes lines, counted from 1, and returns them, with a final newline if
    /// it is missing.
    mutating func take(_ numbers: ClosedRange<Int>) -> [UInt8] {
        var taken: [UInt8] = []
        for number in numbers where lines.indices.contains(number - 1) {
            taken += lines[number - 1]
            lines[number - 1] = []
        }
        return taken.last == UInt8(ascii: "\n") ? taken : taken + [UInt8(ascii: "\n")]
    }

    /// Replaces a line, counted from 1, by a text.
    mutating func replace(_ number: Int, by text: String) {
        lines[number - 1] = Array(text.utf8)
    }
}
