import Exec
import Files
@testable import Sites
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// git-zentoo parses a configuration as the stage's Portage does.
    @Suite struct ConfigurationShapesTests {
        /// Contents of make.conf. Those that Portage refuses, or that git-zentoo does
        /// not follow, have a problem.
        private static let makeConf: [(text: String, hasProblem: Bool)] = [
            ("USE=\"a b\"\n", false),
            ("USE = \"a b\"\nL10N =de\nX= y\n", false),
            ("export USE='a'\n  CFLAGS=\"-O2 \\\n  -pipe\"\n", false),
            ("USE=\"a\n  b\"   # behind\n# before\nX=1", false),
            ("X=a\\ b\nY=\"a\\\"b\"\nZ=\"a\\\\b\\c\"\nW='a\\b'\n", false),
            ("X=a\"b c\"'d e'f\nY=\"\"\nZ=\n'x'\n", false),
            ("X=a#b\nY=\"a#b\"\n", false),
            ("X=${Y}/$Z,{1..2}\n", false),
            ("\n\n\t\r\nX=1\r\n", false),
            ("", false), ("# nothing\n", false), ("X=\"\u{e4}\u{20ac}\"\n", false),
            ("X=a b\nY=c\n", true),
            ("X=\"a\nY=c\n", true),
            ("X='a\n", true),
            ("X=a\\", false),
            ("X\n", true),
            ("X=", true),
            ("X=a=b\n", true),
            ("X=a|b\n", true),
            ("X-Y=1\n", true),
            ("1X=1\n", true),
            ("X=1\n[Y]\n", true),
            ("if true; then X=1; fi\n", true),
            ("X+=\"a\"\n", true),
            ("source /nonexistent\nX=1\n", true),
        ]

        /// Prints the result of `getconfig` for each file: a line `NUMBER error`, or
        /// for each variable `NUMBER NAME VALUE` with the value in hexadecimal.
        private static let script = """
            import os, sys
            from portage.exception import ParseError
            from portage.util import getconfig
            for name in sorted(os.listdir("/mnt"), key=int):
                try:
                    found = getconfig("/mnt/" + name, allow_sourcing=True, expand=False)
                except (ParseError, Exception):
                    print(name, "error")
                    continue
                for key, value in sorted(found.items()):
                    print(name, key, "x" + value.encode().hex())
            """

        @Test func makeConfIsParsedAsPortageDoes() async throws {
            try await DemoWorkshop.withSite { site in
                let shapes = site.root.appending("shapes")
                try Directory.create(shapes)
                var ours: [String] = []
                for (number, shape) in Self.makeConf.enumerated() {
                    try FileContent.write(
                        Array(shape.text.utf8), to: shapes.appending("\(number)"))
                    let read = MakeConf(Array(shape.text.utf8))
                    #expect(read.problems.isEmpty == !shape.hasProblem, "\(shape.text)")
                    if shape.hasProblem {
                        ours.append("\(number) error")
                        continue
                    }
                    let values = Dictionary(read.assignments.map { ($0.name, $0.value) }) { $1 }
                    ours += values.sorted { $0.key < $1.key }.map { name, value in
                        let digits = value.utf8.map { byte in
                            (byte < 16 ? "0" : "") + String(byte, radix: 16)
                        }
                        return "\(number) \(name) x\(digits.joined())"
                    }
                }
                let digest = try await site.stageDigest("demo")
                let printed = try await DemoSite.run(
                    "bwrap", "--ro-bind", "\(site.state)/stages/\(digest)/tree", "/",
                    "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",
                    "--ro-bind", shapes.string, "/mnt", "--", "python3", "-c", Self.script)
                // Portage joins continued lines only when it expands the value.
                let theirs = printed.text.split(separator: "\n").map {
                    String($0).replacing("5c0a", with: "")
                }
                #expect(ours == theirs)
            }
        }
    }
}
