internal import Exec
internal import Files
package import SystemPackage

/// Detects the features of this machine's processor.
package struct CPUDetector: Sendable {
    private let environment: [String: String]
    private let cpuInfo: FilePath

    /// Creates a detector.
    ///
    /// - Parameters:
    ///   - environment: the environment whose `PATH` the compiler is found in.
    ///   - cpuInfo: the kernel's list of processors.
    package init(environment: [String: String], cpuInfo: FilePath = "/proc/cpuinfo") {
        var passed = Invocation.basicEnvironment
        // Nothing else is passed on: gcc's output is parsed, so its locale is
        // fixed.
        passed["PATH"] = environment["PATH"] ?? passed["PATH"]
        self.environment = passed
        self.cpuInfo = cpuInfo
    }

    /// Asks the compiler and the kernel.
    ///
    /// - Throws: `ExecError` if there is no gcc; ``ZentooError`` if the
    ///   processor is not x86, whose flags have other names, or gcc does not
    ///   resolve `native`.
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
