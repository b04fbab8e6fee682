internal import Engines

/// Who compiles beside the machine that builds: distccd(1) in roots over the
/// build's own stage, so that all compilers are the same.
///
/// What they are reached by is the job's own network, to which nobody else has
/// a way: that is why they ask nobody who he is, and run what they are told to
/// as Portage's user.
struct Compilers: Sendable {
    /// How many there are.
    let count: Int
    /// How many compilations one does at once.
    let slots: Int

    /// Where distccd lies in a stage.
    static let program = "usr/bin/distccd"
    private static let prefix = "compiler-"

    /// Whether a step of this name is a compiler.
    static func isOne(_ step: String) -> Bool { step.hasPrefix(prefix) }

    private var names: [String] { (1...count).map { "\(Self.prefix)\($0)" } }

    /// Where they are for distcc(1), see "HOST SPECIFICATIONS" there.
    var hosts: [String] { names.map { "\($0)/\(slots)" } }

    /// What each runs.
    var steps: [Step] {
        names.map { name in
            Step(
                name: name,
                command: [
                    "/\(Self.program)", "--daemon", "--no-detach", "--user", "portage",
                    // Without it only what is listed on its own machine is run.
                    "--enable-tcp-insecure", "--allow", "0.0.0.0/0", "--jobs", String(slots),
                    "--log-stderr", "--log-level", "notice",
                ], environment: ["LC_ALL": "C.UTF-8", "TMPDIR": "/var/tmp"], network: .companions)
        }
    }
}
