/// A file of an `/etc/portage`, as its lines are moved about.
struct ConfigurationFile: Equatable {
    /// In the directory: `make.conf`, `package.use/cpu`.
    let path: String
    /// Each with its newline, so that what stays is what was there.
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

    /// Whether nothing is left that anybody would keep.
    var isBlank: Bool { bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) } }

    /// Takes lines out, counted from 1; the last gets a newline if it had none.
    mutating func take(_ numbers: ClosedRange<Int>) -> [UInt8] {
        var taken: [UInt8] = []
        for number in numbers where lines.indices.contains(number - 1) {
            taken += lines[number - 1]
            lines[number - 1] = []
        }
        return taken.last == UInt8(ascii: "\n") ? taken : taken + [UInt8(ascii: "\n")]
    }

    /// Puts text in the place of a line, counted from 1.
    mutating func replace(_ number: Int, by text: String) {
        lines[number - 1] = Array(text.utf8)
    }
}
