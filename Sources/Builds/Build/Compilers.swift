internal import Engines

/// The compilers that work beside the machine that builds: distccd(1) in roots
/// over the build's own stage, so that all compilers are the same.
///
/// They are reached over the job's own network, to which nothing else has
/// access. They therefore need no authentication, and run the commands they
/// receive as Portage's user.
struct Compilers: Sendable {
    /// The number of compilers.
    let count: Int
    /// The number of compilations that each runs at once.
    let slots: Int

    /// The path of distccd in a stage.
    static let program = "usr/bin/distccd"
    private static let prefix = "compiler-"

    /// Returns whether a step of this name is a compiler.
    static func isOne(_ step: String) -> Bool { step.hasPrefix(prefix) }

    private var names: [String] { (1...count).map { "\(Self.prefix)\($0)" } }

    /// Their hosts for distcc(1), see "HOST SPECIFICATIONS" there.
    var hosts: [String] { names.map { "\($0)/\(slots)" } }

    /// The steps that run them.
    var steps: [Step] {
        names.map { name in
            Step(
                name: name,
                command: [
                    "/\(Self.program)", "--daemon", "--no-detach", "--user", "portage",
                    // Without this, distccd runs only the programs listed on
                    // its own machine.
                    "--enable-tcp-insecure", "--allow", "0.0.0.0/0", "--jobs", String(slots),
                    "--log-stderr", "--log-level", "notice",
                ], environment: ["LC_ALL": "C.UTF-8", "TMPDIR": "/var/tmp"], network: .companions)
        }
    }
}
