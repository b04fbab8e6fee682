import Files
@testable import Sites
import SystemPackage
import TestSupport
import Testing

@Suite struct CPUDetectorTests {
    /// Returns the output of `gcc -Q --help=target` in the format of gcc 12.
    private static func listing(_ architecture: String, _ changes: [String: String] = [:]) -> String
    {
        var values = [
            "-mavx2": "[enabled]", "-mbranch-cost=<0,5>": "3", "-mmwaitx": "[enabled]",
            "-mno-sse4": "[disabled]", "-mshstk": "[disabled]", "-msse4": "[enabled]",
            "-mtune=": architecture,
        ]
        values.merge(changes) { $1 }
        let lines = values.sorted { $0.key < $1.key }.map { name, value in
            "  \(name)                    \t\t\(value)\n"
        }
        return "The following options are target specific:\n" + lines.joined()
            + "  -march=                     \t\t\(architecture)\n\n"
            + "  Known assembler dialects (for use with the -masm= option):\n    att intel\n"
    }

    @Test func onlyFlagsBeyondArchitectureAreListed() {
        let native = TargetOptions(
            Self.listing(
                "znver3",
                [
                    "-mmwaitx": "[disabled]", "-mshstk": "[enabled]", "-mno-sse4": "[enabled]",
                    "-msse4": "[disabled]", "-mbranch-cost=<0,5>": "5",
                ]))
        #expect(native.architecture == "znver3")
        #expect(
            native.flags(beyond: TargetOptions(Self.listing("znver3"))) == [
                "-mbranch-cost=5", "-mno-mwaitx", "-mno-sse4", "-mshstk",
            ])
        #expect(native.flags(beyond: native) == [])
    }

    private static let zen3 = """
        processor\t: 0
        vendor_id\t: AuthenticAMD
        model name\t: AMD EPYC  7763
        flags\t\t: fpu cx16 lahf_lm sse sse2 pni ssse3 fma sse4_1 sse4_2 movbe popcnt aes avx f16c \
        rdrand abm bmi1 avx2 bmi2 sha_ni pclmulqdq mmx
        bugs\t\t: sysret_ss_attrs

        processor\t: 1
        flags\t\t: avx512f
        """

    @Test func kernelFlagsBecomeGentooFlags() {
        let info = CPUInfo(Self.zen3)
        #expect(info.model == "AMD EPYC 7763")
        #expect(
            info.gentooFlags == [
                "aes", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma3", "mmx", "mmxext", "pclmul",
                "popcnt", "rdrand", "sha", "sse", "sse2", "sse3", "sse4_1", "sse4_2", "ssse3",
            ])
        #expect(info.goLevel == "v3")
        #expect(CPUInfo("flags\t\t: sse sse2 pni\n").goLevel == nil)
    }

    @Test func fragmentIsMakeConf() {
        func fragment(_ flags: [String]) -> [String: String] {
            let cpu = DetectedCPU(
                model: "AMD EPYC 7763", architecture: "znver3", flags: flags,
                cpuFlags: ["avx", "avx2"], goLevel: "v3")
            let assignments = MakeConf(Array(cpu.fragment.utf8)).assignments
            return Dictionary(assignments.map { ($0.name, $0.value) }) { $1 }
        }
        let whole = fragment(["-mshstk"])
        #expect(whole["COMMON_FLAGS"] == "-O2 -pipe -march=znver3 -mshstk")
        #expect(whole["CXXFLAGS"] == "${COMMON_FLAGS}")
        #expect(whole["CPU_FLAGS_X86"] == "avx avx2")
        #expect(whole["RUSTFLAGS"] == "-C target-cpu=znver3")
        #expect(whole["CHOST"] == nil)
        // rustc would use instructions that this machine does not have.
        #expect(fragment(["-mno-mwaitx"])["RUSTFLAGS"] == nil)
    }

    @Test func gccIsQueriedForNativeAndArchitecture() async throws {
        try await TemporaryDirectory.with { directory in
            let script = """
                #!/bin/sh
                [ "$2 $3" = "-Q --help=target" ] || exit 1
                case "$1" in
                -march=native) cat '\(directory)/native' ;;
                -march=znver3) cat '\(directory)/znver3' ;;
                *) exit 2 ;;
                esac

                """
            try FileContent.write(
                Array(script.utf8), to: directory.appending("gcc"),
                permissions: [.ownerReadWriteExecute])
            try FileContent.write(
                Array(Self.listing("znver3", ["-mmwaitx": "[disabled]"]).utf8),
                to: directory.appending("native"))
            try FileContent.write(
                Array(Self.listing("znver3").utf8), to: directory.appending("znver3"))
            try FileContent.write(Array(Self.zen3.utf8), to: directory.appending("cpuinfo"))
            let path = ["PATH": "\(directory):/usr/bin:/bin"]
            let cpu = try await CPUDetector(
                environment: path, cpuInfo: directory.appending("cpuinfo")
            ).detect()
            #expect(cpu.architecture == "znver3")
            #expect(cpu.flags == ["-mno-mwaitx"])
            await #expect(throws: ZentooError.self) {
                try await CPUDetector(
                    environment: path, cpuInfo: directory.appending("none")
                ).detect()
            }
        }
    }
}
