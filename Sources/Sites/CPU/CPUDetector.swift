internal import Exec
internal import Files
package import SystemPackage

/// Finds out what the processor of this machine can do.
package struct CPUDetector: Sendable {
    private let environment: [String: String]
    private let cpuInfo: FilePath

    /// - Parameters:
    ///   - environment: what the compiler sees; its `PATH` finds it.
    ///   - cpuInfo: where the kernel tells of processors.
    package init(environment: [String: String], cpuInfo: FilePath = "/proc/cpuinfo") {
        var passed = Invocation.basicEnvironment
        // gcc's words are parsed, so its language stays ours.
        passed["PATH"] = environment["PATH"] ?? passed["PATH"]
        self.environment = passed
        self.cpuInfo = cpuInfo
    }

    /// Asks the compiler and the kernel.
    ///
    /// - Throws: `ExecError` when there is no gcc; ``ZentooError`` for a
    ///   processor that is no x86, whose flags have other names.
    package func detect() async throws -> DetectedCPU {
        let info = CPUInfo(String(decoding: try FileContent.read(cpuInfo) ?? [], as: UTF8.self))
        guard !info.features.isEmpty else {
            throw ZentooError(
                .unsupported, "'\(cpuInfo)' tells of no x86 processor",
                hints: ["write the cpu by hand: 'git zentoo cpu new NAME'"])
        }
        let native = try await options(of: "native")
        guard let architecture = native.architecture, architecture != "native" else {
            throw ZentooError(
                .unsupported, "gcc does not tell what '-march=native' stands for",
                hints: ["write the cpu by hand: 'git zentoo cpu new NAME'"])
        }
        return DetectedCPU(
            model: info.model, architecture: architecture,
            flags: native.flags(beyond: try await options(of: architecture)),
            cpuFlags: info.gentooFlags, goLevel: info.goLevel)
    }

    private func options(of architecture: String) async throws -> TargetOptions {
        let completion = try await Invocation(
            "gcc", ["-march=\(architecture)", "-Q", "--help=target"], environment: environment
        ).run().orThrow()
        return TargetOptions(completion.text)
    }
}
