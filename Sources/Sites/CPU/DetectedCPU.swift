/// The processor of a machine, with the settings for a cpu fragment.
package struct DetectedCPU: Sendable, Hashable, Codable {
    /// The model name.
    package let model: String?
    /// The architecture that `-march=native` stands for.
    package let architecture: String
    /// The other options that `-march=native` sets, such as those that disable
    /// what a virtual machine hides.
    package let flags: [String]
    /// The flags for `CPU_FLAGS_X86`.
    package let cpuFlags: [String]
    /// The value of `GOAMD64`.
    let goLevel: String?

    init(
        model: String?, architecture: String, flags: [String], cpuFlags: [String], goLevel: String?
    ) {
        self.model = model
        self.architecture = architecture
        self.flags = flags
        self.cpuFlags = cpuFlags
        self.goLevel = goLevel
    }

    /// The make.conf fragment.
    package var fragment: String {
        let march = (["-march=\(architecture)"] + flags).joined(separator: " ")
        let model = model.map { ": \($0)" } ?? ""
        // rustc's name of the architecture would enable the hidden features.
        let hidden = flags.contains { $0.hasPrefix("-mno-") }
        let rust =
            hidden
            ? "#RUSTFLAGS=\"-C target-cpu=\(architecture)\"  # has more than this machine"
            : "RUSTFLAGS=\"-C target-cpu=\(architecture)\""
        let go = goLevel.map { "GOAMD64=\"\($0)\"\n" } ?? ""
        return """
            # As 'git zentoo cpu detect' found it\(model).

            COMMON_FLAGS="-O2 -pipe \(march)"
            CFLAGS="${COMMON_FLAGS}"
            CXXFLAGS="${COMMON_FLAGS}"
            FCFLAGS="${COMMON_FLAGS}"
            FFLAGS="${COMMON_FLAGS}"
            \(rust)
            \(go)
            CPU_FLAGS_X86="\(cpuFlags.joined(separator: " "))"

            # Left to the stage, which is compiled for it; check before you change it.
            #CHOST="x86_64-pc-linux-gnu"

            """
    }
}
