/// The capabilities of root in a job's root, by their names in capabilities(7).
enum Capabilities {
    /// Docker's defaults, which packages rely on, without NET_RAW.
    static let ofPackages = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
        "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]
    /// Required by Portage's sandboxes: SYS_ADMIN for its namespaces,
    /// SYS_PTRACE for `sandbox`.
    static let ofSandboxes = ["SYS_ADMIN", "SYS_PTRACE"]
    /// Required to set up a loopback interface in a namespace without a
    /// network.
    static let ofLoopback = "NET_ADMIN"
}
