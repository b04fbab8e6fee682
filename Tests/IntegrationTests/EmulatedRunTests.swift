import Files
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// A build for another architecture, in a stage of it: Portage, compiler and
    /// everything else run emulated.
    @Suite(
        .serialized, .emulation,
        .enabled(
            if: Emulation.isAvailable,
            "needs root, qemu-aarch64-static and config/demo/prepare .build/demo"))
    struct EmulatedRunTests {
        private let tuple = "armv8-base-plain-tool"

        @Test func tupleOfOtherArchitectureIsBuilt() async throws {
            try await DemoWorkshop.withSite { site in
                try site.change(
                    "main",
                    [
                        "config/cpu/armv8": """
                        CHOST="aarch64-linux-gnu"
                        CFLAGS="-O2 -pipe -march=armv8-a"
                        CXXFLAGS="${CFLAGS}"

                        """,
                        "config/stages": "demo \(DemoWorkshop.stage)\narm64 \(Emulation.stage)\n",
                        "config/tuples": """
                        *-*-*-* stage=demo
                        x86-64-v3-base-plain-tool
                        \(tuple) stage=arm64

                        """,
                    ])
                try await site.zentoo("stage", "add", "arm64").orThrow()
                let plan = try await site.zentoo("build", "--dry-run", tuple).orThrow()
                #expect(plan.output.contains("emulated by"), "\(plan)")
                try await site.zentoo("build", tuple).orThrow()
                let record = try await site.record(tuple, 1)
                #expect(record.names(.made) == ["dev-util/text2c-1.0"])
                let result = try #require(record.result)
                #expect(result[.chost] == "aarch64-linux-gnu")
                #expect(result[.emulated]?.contains("aarch64") == true, "\(result)")
                #expect(result[list: .unsandboxed] == [])

                let root = site.root.appending("root")
                try await site.zentoo("assemble", tuple, root.string).orThrow()
                // EM_AARCH64, elf(5).
                let program = try FileContent.read(root.appending("usr/bin/text2c"))
                #expect(program?.dropFirst(18).prefix(2) == [0xb7, 0])
                #expect(try await site.leftovers() == [])
            }
        }
    }
}
