@testable import Edits
import Testing

@Suite struct CPUMoveTests {
    private func move(_ makeConf: String, packageUse: String = "") -> CPUMove {
        CPUMove(
            makeConf: [ConfigurationFile(path: "make.conf", bytes: Array(makeConf.utf8))],
            packageUse: [ConfigurationFile(path: "package.use", bytes: Array(packageUse.utf8))])
    }

    private func text(_ files: [ConfigurationFile]) -> String {
        files.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    }

    private func moved(_ move: CPUMove) -> String { String(decoding: move.moved, as: UTF8.self) }

    @Test func flagsMoveAndCommentsStay() {
        let result = move(
            #"""
            # My flags
            COMMON_FLAGS="-O2 \
              -march=znver3"  # fast
            CFLAGS="${COMMON_FLAGS}"
            export CHOST=x86_64-pc-linux-gnu
            LDFLAGS="${LDFLAGS} -Wl,-z,now"
            # all cores
            MAKEOPTS="-j16"
            CPU_FLAGS_X86="avx
              avx2"
            USE="a
              b"
            RUSTFLAGS="-C target-cpu=znver3"
            """#)
        #expect(
            text(result.makeConf) == #"""
                # My flags
                LDFLAGS="${LDFLAGS} -Wl,-z,now"
                # all cores
                USE="a
                  b"

                """#)
        #expect(
            moved(result) == #"""
                COMMON_FLAGS="-O2 \
                  -march=znver3"  # fast
                CFLAGS="${COMMON_FLAGS}"
                export CHOST=x86_64-pc-linux-gnu
                CPU_FLAGS_X86="avx
                  avx2"
                RUSTFLAGS="-C target-cpu=znver3"

                """#)
        #expect(result.dropped == [.init(file: "make.conf", line: 8, name: "MAKEOPTS")])
    }

    /// The fragment is read first, so it must also define the variables that its
    /// values use.
    @Test func variablesUsedByFlagsMoveToo() {
        let result = move(
            """
            OPT="-O3"
            MARCH="${OPT} -march=znver3"
            CFLAGS="$MARCH"
            WARN="-Wall"
            USE="x"
            """)
        #expect(moved(result) == "OPT=\"-O3\"\nMARCH=\"${OPT} -march=znver3\"\nCFLAGS=\"$MARCH\"\n")
        #expect(text(result.makeConf) == "WARN=\"-Wall\"\nUSE=\"x\"")
    }

    @Test func rustFlagsWithoutCPUStay() {
        let result = move("RUSTFLAGS=\"-C opt-level=3\"\n")
        #expect(result.moved.isEmpty)
        #expect(text(result.makeConf) == "RUSTFLAGS=\"-C opt-level=3\"\n")
    }

    @Test func lineWithOtherAssignmentStays() {
        let result = move("CFLAGS=-O2 USE=x\nCXXFLAGS=-O2 CHOST=y\n")
        #expect(text(result.makeConf) == "CFLAGS=-O2 USE=x\n")
        #expect(moved(result) == "CXXFLAGS=-O2 CHOST=y\n")
    }

    @Test func flagsOfAllPackagesMoveFromPackageUse() {
        let result = move(
            "CPU_FLAGS_X86=\"mmx\"\n",
            packageUse: """
                # cpuid2cpuflags
                */* CPU_FLAGS_X86: -* avx avx2
                */* L10N: de CPU_FLAGS_X86: sse  # both
                */* CPU_FLAGS_X86: -avx512f
                media-libs/x264 cpu_flags_x86_avx

                """)
        #expect(
            text(result.packageUse) == """
                # cpuid2cpuflags
                */* L10N: de  # both
                */* CPU_FLAGS_X86: -avx512f
                media-libs/x264 cpu_flags_x86_avx

                """)
        #expect(
            moved(result)
                == "CPU_FLAGS_X86=\"mmx\"\nCPU_FLAGS_X86=\"${CPU_FLAGS_X86} avx avx2 sse\"\n")
    }

    @Test func otherBytesThanUTF8AreKept() {
        let bytes: [UInt8] = Array("# ".utf8) + [0xFF, 0xFE, 0x0A] + Array("CFLAGS=-O2\n".utf8)
        let result = CPUMove(
            makeConf: [ConfigurationFile(path: "make.conf", bytes: bytes)], packageUse: [])
        #expect(result.makeConf[0].bytes == Array("# ".utf8) + [0xFF, 0xFE, 0x0A])
        #expect(moved(result) == "CFLAGS=-O2\n")
    }

    @Test func filesWithoutFlagsStay() {
        let result = move("USE=\"x\"", packageUse: "a/b c")
        #expect(result.moved.isEmpty)
        #expect(text(result.makeConf) == "USE=\"x\"")
        #expect(text(result.packageUse) == "a/b c")
    }
}
