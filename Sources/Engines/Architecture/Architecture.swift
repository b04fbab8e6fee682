internal import SystemPackage

/// The names of a processor architecture.
struct Architecture: Sendable, Hashable {
    /// The name in uname(2).
    let machine: String
    /// The name in Gentoo's ARCH.
    let keyword: String
    /// The name in Docker's `--platform`.
    let platform: String

    /// The 64-bit architectures by their machine numbers in elf(5).
    private static let wide: [UInt16: Architecture] = [
        62: Architecture(machine: "x86_64", keyword: "amd64", platform: "linux/amd64"),
        183: Architecture(machine: "aarch64", keyword: "arm64", platform: "linux/arm64"),
        243: Architecture(machine: "riscv64", keyword: "riscv", platform: "linux/riscv64"),
        21: Architecture(machine: "ppc64", keyword: "ppc64", platform: "linux/ppc64le"),
        22: Architecture(machine: "s390x", keyword: "s390", platform: "linux/s390x"),
        8: Architecture(machine: "mips64", keyword: "mips", platform: "linux/mips64le"),
        258: Architecture(machine: "loongarch64", keyword: "loong", platform: "linux/loong64"),
        43: Architecture(machine: "sparc64", keyword: "sparc", platform: "linux/sparc64"),
    ]

    private static let narrow: [UInt16: Architecture] = [
        3: Architecture(machine: "i686", keyword: "x86", platform: "linux/386"),
        // x32: 64 bits with 32-bit pointers.
        62: Architecture(machine: "x86_64", keyword: "amd64", platform: "linux/amd64"),
        40: Architecture(machine: "armv7l", keyword: "arm", platform: "linux/arm/v7"),
        243: Architecture(machine: "riscv32", keyword: "riscv", platform: "linux/riscv32"),
        20: Architecture(machine: "ppc", keyword: "ppc", platform: "linux/ppc"),
        8: Architecture(machine: "mips", keyword: "mips", platform: "linux/mipsle"),
    ]

    private init(machine: String, keyword: String, platform: String) {
        self.machine = machine
        self.keyword = keyword
        self.platform = platform
    }

    /// Creates the architecture of a program from its first bytes. Returns nil
    /// if they are not an ELF header or the architecture is unknown.
    init?(programBeginning head: [UInt8]) {
        guard head.count >= 20, head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return nil }
        let isBigEndian = head[5] == 2
        let number = UInt16(head[isBigEndian ? 18 : 19]) << 8 | UInt16(head[isBigEndian ? 19 : 18])
        guard let known = (head[4] == 2 ? Self.wide : Self.narrow)[number] else { return nil }
        // `ppc64` names the big-endian variant.
        self =
            number == 21 && !isBigEndian
            ? Architecture(
                machine: "ppc64le", keyword: known.keyword, platform: known.platform) : known
    }

    /// Returns whether a kernel on such a machine, named as in uname(2), runs
    /// programs of this architecture natively.
    func isNative(to machine: String) -> Bool {
        self.machine == machine || (self.machine == "i686" && machine == "x86_64")
    }
}
