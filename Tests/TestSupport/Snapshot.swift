#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage
public import Testing

/// Compares `actual` with the file `Snapshots/<name>.txt` next to the test.
///
/// Run the tests with `RECORD_SNAPSHOTS=1` to rewrite the files; the diff of a
/// commit then shows what changes for users.
public func assertSnapshot(
    _ actual: some CustomStringConvertible, named name: String, file: StaticString = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let directory = FilePath("\(file)").removingLastComponent().appending("Snapshots")
    let path = directory.pushing(FilePath("\(name).txt"))
    let text = actual.description
    if Snapshot.isRecording {
        try Snapshot.write(text, to: path)
        return
    }
    let expected = try Snapshot.read(path)
    guard let expected else {
        Issue.record(
            "no snapshot '\(path)': record it with RECORD_SNAPSHOTS=1",
            sourceLocation: sourceLocation)
        return
    }
    #expect(
        text == expected, "\(Snapshot.firstDifference(text, expected))",
        sourceLocation: sourceLocation)
}

private enum Snapshot {
    static let isRecording = getenv("RECORD_SNAPSHOTS") != nil

    static func read(_ path: FilePath) throws -> String? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(path, .readOnly)
        } catch Errno.noSuchFileOrDirectory {
            return nil
        }
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { return String(decoding: bytes, as: UTF8.self) }
                bytes += buffer[..<count]
            }
        }
    }

    static func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    static func firstDifference(_ actual: String, _ expected: String) -> String {
        let (new, old) = (actual.split(separator: "\n"), expected.split(separator: "\n"))
        let line = zip(new, old).prefix { $0 == $1 }.count
        return """
            line \(line + 1) differs
            expected: \(line < old.count ? String(old[line]) : "(end)")
            actual:   \(line < new.count ? String(new[line]) : "(end)")
            """
    }
}
