import Exec
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// What is rebuilt after a change, and what is not.
    @Suite struct RebuildTests {
        private let tuple = DemoWorkshop.builtTuple

        @Test func changedUseFlagRebuildsOnlyItsPackage() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                try site.change(
                    "portage/base", ["package.use/zen": "app-misc/zen -nls\nnet-misc/zend syslog\n"]
                )
                let result = try await site.zentoo("build", tuple).orThrow()
                #expect(result.output.contains("\(tuple)/2 - 1 made, 5 reused"))
                let (old, new) = (try await site.record(tuple, 1), try await site.record(tuple, 2))
                #expect(new.names(.made) == ["app-misc/zen-1.2.0"])
                #expect(new.packages["app-misc/zen-1.2.0"]?[list: .use] == ["color"])
                for cpv in new.names(.reused) {
                    #expect(new.packages[cpv]?[.sha256] == old.packages[cpv]?[.sha256], "\(cpv)")
                    #expect(new.packages[cpv]?[.path] == old.packages[cpv]?[.path], "\(cpv)")
                }

                // After the change is reverted, the old result is used without a build.
                let logs = try await site.files(below: site.state.appending("logs"))
                try site.change(
                    "portage/base", ["package.use/zen": "app-misc/zen nls\nnet-misc/zend syslog\n"])
                try await site.zentoo("build", tuple).orThrow()
                #expect(try await site.record(tuple, 3).tree == old.tree)
                #expect(try await site.files(below: site.state.appending("logs")) == logs)
            }
        }

        @Test func unrelatedCommitBuildsNothing() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let old = try await site.record(tuple, 1)
                try site.change("main", ["README": "The network.\n"])
                try site.change("main", ["config/portage/sets/other": "app-text/sayings\n"])
                let result = try await site.zentoo("build", "--json", tuple).orThrow()
                #expect(result.output.contains(#""status" : "up-to-date""#))
                #expect(result.output.contains(#""tree" : "\#(old.tree)""#))
                #expect(try await site.tags() == ["zentoo/main/\(tuple)/1"])
            }
        }

        @Test func cpusOfOneBranchShareNoPackages() async throws {
            try await DemoWorkshop.withSite { site in
                let tuples = ["x86-64-v3-base-plain-tool", "x86-64-v2-base-plain-tool"]
                try await site.zentoo(["build", "-j2"] + tuples).orThrow()
                let records = [
                    try await site.record(tuples[0], 1), try await site.record(tuples[1], 1),
                ]
                var flags: [String] = []
                var flavours: Set<String> = []
                for record in records {
                    // Compiled for each cpu, although Portage sees no difference.
                    #expect(record.names(.made) == ["dev-util/text2c-1.0"])
                    let path = try #require(record.packages["dev-util/text2c-1.0"]?[.path])
                    flavours.insert(path.split(separator: "/").prefix(2).joined(separator: "/"))
                    flags.append(try await metadata("CFLAGS", of: "\(site.pool)/\(path)"))
                }
                #expect(flavours.count == 2)
                #expect(try await site.poolFiles().count == 2)
                #expect(flags[0].contains("-march=x86-64-v3"), "\(flags)")
                #expect(flags[1].contains("-march=x86-64-v2"), "\(flags)")

                // Concurrently: each started before the other ended.
                let times = records.map { record -> (start: Int, end: Int) in
                    let start = Int(record.result?[.started] ?? "") ?? 0
                    return (start, start + (Int(record.result?[.duration] ?? "") ?? 0))
                }
                #expect(times[0].start < times[1].end && times[1].start < times[0].end, "\(times)")
            }
        }

        /// The stage's package database is empty: packages compiled after the set's
        /// libc was merged depend on it.
        @Test func libcOfSetCausesNoRebuild() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-libc"
                try site.change(
                    "main",
                    [
                        "config/tuples": DemoSite.tuples + "\(tuple)\n",
                        "config/portage/sets/libc": "dev-util/needy\n",
                    ])
                let first = try await site.zentoo("build", tuple).orThrow()
                #expect(first.output.contains("\(tuple)/1 - 3 made, 0 reused"))
                let path = try #require(
                    try await site.record(tuple, 1).packages["dev-util/needy-1.0"]?[.path])
                let dependencies = try await metadata("RDEPEND", of: "\(site.pool)/\(path)")
                #expect(dependencies.contains("sys-libs/zen-libc"))
                let second = try await site.zentoo("build", "--force", tuple).orThrow()
                #expect(second.output.contains("\(tuple)/2 - 0 made, 3 reused"))
            }
        }

        /// Returns a file of the metadata that Portage stores in a gpkg.
        private func metadata(_ name: String, of package: String) async throws -> String {
            let inner = try await Invocation(
                "tar", ["-xOf", package, "--wildcards", "*/metadata.tar*"]
            ).run().orThrow().output
            return try await Invocation(
                "tar", ["--zstd", "-xOf", "-", "metadata/\(name)"], input: .bytes(inner)
            ).run().orThrow().text
        }
    }
}
