/// The first processor that `/proc/cpuinfo` lists (proc_cpuinfo(5)).
struct CPUInfo: Equatable {
    /// The model name.
    let model: String?
    /// The features, by the kernel's names.
    let features: Set<String>

    init(_ text: String) {
        var model: String?
        var features: Set<String> = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let words = pair[1].split(separator: " ")
            switch pair[0].prefix(while: { $0 != "\t" }) {
            case "model name": model = words.joined(separator: " ")
            case "flags": features = Set(words.map(String.init))
            default: continue
            }
        }
        self.model = model
        self.features = features
    }

    /// The flags for `CPU_FLAGS_X86`, sorted.
    var gentooFlags: [String] {
        Self.flags.filter { flag in
            (Self.kernelNames[flag] ?? [flag]).contains(where: features.contains)
        }
    }

    /// The level for `GOAMD64` (https://go.dev/wiki/MinimumRequirements#amd64);
    /// nil below v2.
    var goLevel: String? {
        let levels: [(name: String, needs: [String])] = [
            ("v2", ["cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"]),
            ("v3", ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "osxsave"]),
            ("v4", ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]),
        ]
        // The kernel does not list osxsave, and lists avx only if it is
        // enabled.
        let present = features.union(["osxsave"])
        return levels.prefix { present.isSuperset(of: $0.needs) }.last?.name
    }

    /// Gentoo's names (profiles/desc/cpu_flags_x86.desc).
    private static let flags = [
        "3dnow", "3dnowext", "aes", "avx", "avx2", "avx512_4fmaps", "avx512_4vnniw",
        "avx512_bf16", "avx512_bitalg", "avx512_fp16", "avx512_vbmi2", "avx512_vnni",
        "avx512_vp2intersect", "avx512_vpopcntdq", "avx512bw", "avx512cd", "avx512dq",
        "avx512er", "avx512f", "avx512ifma", "avx512pf", "avx512vbmi", "avx512vl", "avx_vnni",
        "bmi1", "bmi2", "f16c", "fma3", "fma4", "mmx", "mmxext", "padlock", "pclmul", "popcnt",
        "rdrand", "sha", "sse", "sse2", "sse3", "sse4_1", "sse4_2", "sse4a", "ssse3",
        "vpclmulqdq", "xop",
    ]

    /// The kernel's names where they differ; any one of them is sufficient.
    private static let kernelNames = [
        "fma3": ["fma"], "mmxext": ["mmxext", "sse"], "padlock": ["phe"],
        "pclmul": ["pclmulqdq"], "popcnt": ["abm", "popcnt"], "sha": ["sha_ni"], "sse3": ["pni"],
    ]
}
