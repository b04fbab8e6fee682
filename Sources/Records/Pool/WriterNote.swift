/// What a build notes in a PKGDIR that it writes to: who it is, what is recorded
/// of it should it never do so itself, and paths below the PKGDIR.
package struct WriterNote {
    /// The build that writes.
    package let build: BuildID
    /// The result of the build, cancelled; nil for what is no build.
    package let result: BuildResult?
    /// Paths below the PKGDIR.
    package let paths: [String]
    /// The versions that it compiles, `category/package-version`; empty where
    /// that is not known.
    let expected: Set<String>

    init(
        build: BuildID, result: BuildResult?, paths: [String], expected: Set<String> = []
    ) {
        self.build = build
        self.result = result
        self.paths = paths
        self.expected = expected
    }

    /// Reads a note; nil when it is none.
    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let first = lines.first, let build = BuildID(String(first.prefix(BuildID.length)))
        else { return nil }
        self.init(
            build: build, result: RecordLine(first).flatMap { BuildResult($0) },
            paths: lines.dropFirst().filter { !$0.hasPrefix(Self.mark) }.map(String.init),
            expected: Set(
                lines.dropFirst().filter { $0.hasPrefix(Self.mark) }
                    .map { String($0.dropFirst(Self.mark.count)) }))
    }

    /// What a line begins with that names a version: no path does.
    private static let mark = "+"

    /// The build's name or the line of its result, then a path or a version a line.
    var bytes: [UInt8] {
        let first = result?.line.description ?? build.description
        return Array(
            ([first] + expected.sorted().map { Self.mark + $0 } + paths).map { "\($0)\n" }.joined()
                .utf8)
    }
}
