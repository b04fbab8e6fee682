import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// The processor that a stage's programs need, and the emulator for another
/// one.
@Suite struct ArchitectureTests {
    /// Returns the first bytes of a program; see elf(5).
    private static func head(
        _ number: UInt16, isWide: Bool = true, isBigEndian: Bool = false
    ) -> [UInt8] {
        var head: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, isWide ? 2 : 1, isBigEndian ? 2 : 1, 1]
        head += [UInt8](repeating: 0, count: 9)
        let type: [UInt8] = isBigEndian ? [0, 2] : [2, 0]
        let machine = [UInt8(number & 0xff), UInt8(number >> 8)]
        head += type + (isBigEndian ? machine.reversed() : machine)
        return head + [UInt8](repeating: 0, count: 44)
    }

    @Test(
        arguments: [
            (62, true, false, "x86_64", "amd64"), (3, false, false, "i686", "x86"),
            (183, true, false, "aarch64", "arm64"), (40, false, false, "armv7l", "arm"),
            (243, true, false, "riscv64", "riscv"), (21, true, true, "ppc64", "ppc64"),
            (21, true, false, "ppc64le", "ppc64"), (22, true, true, "s390x", "s390"),
        ] as [(UInt16, Bool, Bool, String, String)])
    func architectureIsReadFromELFHeader(
        _ number: UInt16, _ isWide: Bool, _ isBigEndian: Bool, _ machine: String,
        _ keyword: String
    ) throws {
        let head = Self.head(number, isWide: isWide, isBigEndian: isBigEndian)
        let architecture = try #require(Architecture(programBeginning: head))
        #expect(architecture.machine == machine)
        #expect(architecture.keyword == keyword)
        #expect(architecture.isNative(to: machine))
    }

    @Test func otherFilesHaveNoArchitecture() {
        #expect(
            Architecture(programBeginning: Array("#!/bin/sh\necho a long script\n".utf8)) == nil)
        #expect(Architecture(programBeginning: []) == nil)
        #expect(Architecture(programBeginning: Self.head(9999)) == nil)
    }

    @Test func programsOf32BitsRunOn64BitProcessors() throws {
        let narrow = try #require(Architecture(programBeginning: Self.head(3, isWide: false)))
        #expect(narrow.isNative(to: "x86_64"))
        #expect(!narrow.isNative(to: "aarch64"))
    }

    /// An entry of binfmt_misc as Debian's qemu-user-static registers it.
    private static let entry = """
        enabled
        interpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P
        flags: POF
        offset 0
        magic 7f454c460201010000000000000000000200b700
        mask ffffffffffffff00fffffffffffffffffeffffff

        """

    @Test func emulatorIsMatchedByMagic() throws {
        let arm = Self.head(183)
        let emulator = try #require(Emulator(name: "qemu-aarch64", entry: Self.entry, for: arm))
        #expect(emulator.name == "qemu-aarch64")
        #expect(emulator.isFixed)
        #expect(Emulator(name: "qemu-aarch64", entry: Self.entry, for: Self.head(62)) == nil)
        let off = Self.entry.replacing("enabled", with: "disabled")
        #expect(Emulator(name: "qemu-aarch64", entry: off, for: arm) == nil)
        let loose = Self.entry.replacing("flags: POF", with: "flags: PO")
        #expect(Emulator(name: "qemu-aarch64", entry: loose, for: arm)?.isFixed == false)
    }

    @Test func stageShellIsFoundThroughLinks() throws {
        try TemporaryDirectory.with { directory in
            let tree = directory.appending("tree")
            for name in ["", "usr", "usr/bin"] {
                try #require(mkdir(tree.appending(name).string, 0o755) == 0)
            }
            try #require(symlink("usr/bin", tree.appending("bin").string) == 0)
            try #require(symlink("/usr/bin/dash", tree.appending("usr/bin/sh").string) == 0)
            let file = try FileDescriptor.open(
                tree.appending("usr/bin/dash"), .writeOnly, options: .create,
                permissions: .ownerReadWrite)
            _ = try file.closeAfter { try file.writeAll(Self.head(183)) }
            let stage = StageImage(name: "arm64", digest: "0", tree: tree)
            #expect(stage.architecture?.machine == "aarch64")
        }
    }
}
