/// A note of a build about a PKGDIR that it writes to: the build, the result to
/// record for it if it cannot do so itself, and paths below the PKGDIR.
package struct WriterNote {
    /// The build that writes.
    package let build: BuildID
    /// The result of the build, as cancelled; nil for an operation that is not
    /// a build.
    package let result: BuildResult?
    /// Paths below the PKGDIR.
    package let paths: [String]
    /// The versions that the build compiles, as `category/package-version`;
    /// empty if they are not known.
    package let expected: Set<String>

    init(
        build: BuildID, result: BuildResult?, paths: [String], expected: Set<String> = []
    ) {
        self.build = build
        self.result = result
        self.paths = paths
        self.expected = expected
    }

    /// Parses a note; nil if it is not one.
    package init?(_ bytes: [UInt8]) {
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

    /// The prefix of lines that name a version; no path starts with it.
    private static let mark = "+"

    /// The first line is the result line, or the build's id; each other line is
    /// a path or a version.
    var bytes: [UInt8] {
        let first = result?.line.description ?? build.description
        return Array(
            ([first] + expected.sorted().map { Self.mark + $0 } + paths).map { "\($0)\n" }.joined()
                .utf8)
    }
}
