import Exec
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension DemoSite {
    /// Expects the packages of one build to equal those of another site: the same
    /// names and flags, the same paths in the pool, and the same content.
    func expectPackages(
        of ours: DemoRecord, toBe theirs: DemoRecord, of other: DemoSite
    ) async throws {
        #expect(ours.names(.made) == theirs.names(.made))
        #expect(ours.packages.count == theirs.packages.count)
        for (cpv, line) in ours.packages {
            let same = try #require(theirs.packages[cpv])
            #expect(line[.path] == same[.path])
            #expect(line[list: .use] == same[list: .use])
            let path = try #require(line[.path])
            let content = try await Self.content(ofPackage: "\(pool)/\(path)")
            #expect(
                try await content == Self.content(ofPackage: "\(other.pool)/\(path)"), "\(cpv)")
        }
    }

    /// Returns what a package installs: types, modes, owners, targets and digests.
    private static func content(ofPackage package: String) async throws -> String {
        let list = """
            import hashlib, sys, tarfile
            tar = tarfile.open(fileobj=sys.stdin.buffer, mode="r|")
            for m in tar:
                d = hashlib.sha256(tar.extractfile(m).read()).hexdigest() if m.isreg() else ""
                print(m.name, m.type, oct(m.mode), m.uid, m.gid, m.linkname, d)
            """
        return try await run(
            "sh", "-c",
            "tar -xOf \"$1\" --wildcards '*/image.tar.zst' | zstd -dc | python3 -c \"$2\" | sort",
            "sh", package, list
        ).text
    }

    /// Returns the content of a root, except times and orders of merges.
    static func content(of root: FilePath) async throws -> [String] {
        try await run(
            "sh", "-c",
            """
            cd "$1" && find . \\( -path ./var/log -o -path ./var/cache \\) -prune -o \
                ! -name COUNTER ! -name ld.so.cache ! -name counter \\
                ! -path './var/db/pkg/*/metadata' ! -path './var/db/pkg/*/CONTENTS' \\
                -printf '%p %M %U %G %l ' \\( -type f -exec sha256sum {} ';' -o -printf '\\n' \\)
            """, "sh", root.string
        ).text.split(separator: "\n").map(String.init).sorted()
    }
}
