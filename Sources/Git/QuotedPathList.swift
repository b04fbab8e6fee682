internal import SystemPackage

/// A list of paths as git writes it to `GIT_ALTERNATE_OBJECT_DIRECTORIES`:
/// separated by colons, a path that holds a colon or begins with a quote in C's
/// quotes (git(1), `unquote_c_style` in git's quote.c).
struct QuotedPathList {
    /// The paths, in their order.
    let paths: [FilePath]

    init(_ list: String) {
        var paths: [FilePath] = []
        var rest = Array(list.utf8)[...]
        while !rest.isEmpty {
            let path: [UInt8]
            if let (unquoted, end) = Self.unquoted(rest) {
                path = unquoted
                rest = rest[end...]
            } else {
                path = Array(rest.prefix { $0 != UInt8(ascii: ":") })
                rest = rest.dropFirst(path.count)
            }
            rest = rest.dropFirst()
            if !path.isEmpty {
                paths.append(
                    (path + [0]).withUnsafeBufferPointer { bytes in
                        bytes.withMemoryRebound(to: CChar.self) { characters in
                            // Ends with the zero byte.
                            characters.baseAddress.map { FilePath(platformString: $0) } ?? ""
                        }
                    })
            }
        }
        self.paths = paths
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "\""): UInt8(ascii: "\""),
    ]

    /// A quoted path at the beginning, and the index behind its closing quote; nil
    /// when none is there, and git takes the quote as part of the path.
    private static func unquoted(
        _ text: ArraySlice<UInt8>
    ) -> (path: [UInt8], end: Int)? {
        guard text.first == UInt8(ascii: "\"") else { return nil }
        var path: [UInt8] = []
        var rest = text.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return (path, rest.startIndex)
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                if let escape = escapes[next] {
                    path.append(escape)
                } else {
                    let digits = [next] + rest.prefix(2)
                    guard digits.count == 3,
                        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
                    else { return nil }
                    rest = rest.dropFirst(2)
                    path.append(value)
                }
            default: path.append(byte)
            }
        }
        return nil
    }
}
